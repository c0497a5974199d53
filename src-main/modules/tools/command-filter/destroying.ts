import { isProtectedFromWriting, isWholeTree } from './guarded-paths.ts';
import { withoutUnknown } from './markers.ts';
import { deny, type Opinion } from './opinion.ts';
import { operandsOf } from './reading-programs.ts';

export interface Argument {
  text: string;
  pattern: string | undefined;
}

const STOPS_THE_MACHINE = /^(?:shutdown|reboot|halt|poweroff|telinit|killall5)$/;
const DISK_TOOLS =
  /^(?:mkfs(?:\..*)?|mke2fs|mkswap|wipefs|fdisk|sfdisk|gdisk|sgdisk|parted|cfdisk|hdparm|blkdiscard|cryptsetup|badblocks|fsck(?:\..*)?|debugfs|dmsetup|lvremove|vgremove|pvremove|mdadm|zpool|swapoff|swapon|losetup|diskutil)$/;
const KERNEL_TOOLS =
  /^(?:insmod|modprobe|rmmod|kexec|sysctl|mount|umount|nsenter|chroot|unshare|pivot_root|setcap|setenforce|iptables|ip6tables|nft|ufw|firewall-cmd|chattr|visudo|useradd|userdel|usermod|groupadd|groupdel|passwd|chpasswd|adduser|deluser|gpasswd|vipw|bcdedit|vssadmin|cipher|reg|csrutil|nvram|tune2fs)$/;

/** What destroys, locks out or opens up the machine. Sandbox or not, such a command is refused. */
export function destroys(program: string, args: readonly Argument[]): Opinion | undefined {
  const texts = args.map((arg) => arg.text);
  const no = (what: string): Opinion => deny('command.destroys', `${program} ${what}.`, { program });
  if (STOPS_THE_MACHINE.test(program)) return no('switches the machine off');
  if (program === 'init' && /^[06]$/.test(texts[0] ?? '')) return no('switches the machine off');
  if (
    program === 'systemctl' &&
    /^(?:poweroff|reboot|halt|kexec|suspend|hibernate|rescue|emergency|mask)$/.test(operandsOf(texts)[0] ?? '')
  ) {
    return no('switches the machine or its services off');
  }
  if (DISK_TOOLS.test(program) && !texts.every((text) => /^(?:-l|--list|--version|list|status|--help)$/.test(text)))
    return no('changes disks as a whole');
  if (DISK_TOOLS.test(program) && texts.length === 0) return no('changes disks as a whole');
  if (KERNEL_TOOLS.test(program) && !isQuery(program, texts)) return no('changes the system itself');
  if (program === 'kill' || program === 'pkill' || program === 'killall')
    return killsEverything(program, texts) ? no('ends every program') : undefined;
  if (program === 'crontab' && texts.some((text) => /^-[a-z]*r/.test(text))) return no('throws all planned jobs away');
  return destroysFiles(program, args);
}

const isQuery = (program: string, texts: readonly string[]): boolean =>
  (program === 'mount' && texts.every((text) => text === '-l')) ||
  (program === 'sysctl' && texts.length > 0 && texts.every((text) => /^-[ane]+$|^[\w.]+$/.test(text))) ||
  (/^(?:iptables|ip6tables|ufw|nft)$/.test(program) && /^(?:-L|-S|--list|status|list)$/.test(texts[0] ?? '')) ||
  texts.every((text) => /^(?:--version|--help)$/.test(text));

const killsEverything = (program: string, texts: readonly string[]): boolean =>
  program === 'kill'
    ? texts.some((text, index) => text === '-1' && (index > 0 || texts.length === 1))
    : texts.includes('.') || texts.includes('.*');

function destroysFiles(program: string, args: readonly Argument[]): Opinion | undefined {
  const texts = args.map((arg) => arg.text);
  const no = (what: string): Opinion => deny('command.destroys', `${program} ${what}.`, { program });
  const operands = args.filter((arg) => !/^-./.test(arg.text));
  const whole = operands.find((arg) => isWholeTree(arg.text, arg.pattern));
  const isRecursive = texts.some((text) => /^-[a-zA-Z]*[rR]|^--recursive/.test(text));
  switch (program) {
    case 'rm':
    case 'unlink':
    case 'rmdir':
    case 'shred':
    case 'srm':
    case 'trash':
    case 'wipe':
      if (texts.some((text) => text.startsWith('--no-p'))) return no('is told not to spare the root folder');
      return whole ? no(`would delete ${shown(whole)}`) : protectedWrite(program, operands);
    case 'chmod':
    case 'chown':
    case 'chgrp':
    case 'setfacl':
      if (whole && (isRecursive || /^(?:\/|~)/.test(withoutUnknown(whole.text)))) return no(`would change rights of ${shown(whole)}`);
      if (program === 'chmod' && texts.some((text) => /^[ugoa]*\+[rwx]*s|^[2-7][0-7]{3}$/.test(text)))
        return no('gives a program the rights of its owner');
      return undefined;
    case 'find': {
      const deletes = texts.some(
        (text, index) =>
          text === '-delete' ||
          (/^-(?:exec|execdir|ok)$/.test(text) && /(?:^|\/)(?:rm|shred|unlink|chmod|chown)$/.test(texts[index + 1] ?? '')),
      );
      return deletes && whole ? no(`would delete or change everything in ${shown(whole)}`) : undefined;
    }
    case 'dd': {
      const output = texts.find((text) => text.startsWith('of='));
      return output !== undefined && isProtectedFromWriting(output.slice(3)) ? no(`would write over ${output.slice(3)}`) : undefined;
    }
    case 'mv':
      if (operands.length > 1 && operands.slice(0, -1).some((arg) => isWholeTree(arg.text, arg.pattern)))
        return no('would move a whole tree away');
      if (operands.at(-1)?.text.startsWith('/dev/null')) return no('would throw files away');
      return protectedWrite(program, operands.slice(-1));
    case 'cp':
    case 'install':
    case 'ln':
    case 'rsync':
    case 'scp':
      return protectedWrite(program, operands.slice(-1));
    case 'tee':
    case 'truncate':
    case 'touch':
    case 'mkdir':
    case 'mknod':
    case 'mkfifo':
    case 'split':
      return protectedWrite(program, operands);
    case 'sed':
    case 'perl':
      return texts.some((text) => /^-[a-zA-Z]*i|^--in-place/.test(text)) ? protectedWrite(program, operands) : undefined;
    case 'docker':
    case 'podman':
      if (texts.some((text) => /^--(?:privileged|pid=host|network=host|net=host|userns=host|ipc=host|device|cap-add)/.test(text)))
        return no('would open the host to a container');
      return texts.some(
        (text, index) =>
          (/^(?:-v|--volume|--mount)$/.test(texts[index - 1] ?? '') || /^(?:-v|--volume=|--mount=)./.test(text)) &&
          /^(?:-v|--volume=)?\/(?::|etc|root|var|usr|home)|(?:source|src)=\/(?:,|etc|root|var|usr|home)/.test(text),
      )
        ? no('would hand the host to a container')
        : undefined;
    default:
      return undefined;
  }
}

const shown = (arg: Argument): string => withoutUnknown(arg.text) || 'everything';

function protectedWrite(program: string, operands: readonly Argument[]): Opinion | undefined {
  const target = operands.find((arg) => isProtectedFromWriting(arg.text));
  return (
    target &&
    deny('command.protected', `${program} would change ${shown(target)}, which belongs to the system or decides what runs later.`, {
      path: shown(target),
    })
  );
}
