import { couldMatch } from './globs.ts';
import { withoutUnknown } from './markers.ts';
import { tidyPath } from './names.ts';

/* Places that hold secrets or power. The sandbox does not have them; a command that asks for them is refused all the same, because it shows what it is after. */

const SECRET_FOLDERS = [
  '.ssh',
  '.aws',
  '.gnupg',
  '.kube',
  '.azure',
  '.password-store',
  '.openclaw',
  'openclaw-desktop',
  'keychains',
  'keyrings',
];
const SECRET_FILES = [
  'id_rsa',
  'id_dsa',
  'id_ecdsa',
  'id_ed25519',
  '.env',
  '.netrc',
  '.pgpass',
  '.my.cnf',
  '.npmrc',
  '.pypirc',
  '.git-credentials',
  '.bash_history',
  '.zsh_history',
  'wallet.dat',
  'authorized_keys',
];

const SECRETS =
  /(?:^|[/=:@,'"\s(])(?:\.ssh|\.aws|\.gnupg|\.kube|\.azure|\.password-store|\.openclaw|openclaw desktop|openclaw-desktop)(?:[/,'"\s)]|$)|(?:^|[/=:@,'"\s(])(?:id_(?:rsa|dsa|ecdsa|ed25519)(?!\.pub)|\.netrc|\.pgpass|\.my\.cnf|\.npmrc|\.pypirc|\.git-credentials|\.(?:bash|zsh|sh|python|psql|mysql|node_repl)_history|wallet\.dat|\.env(?:\.(?!example|sample|template|dist|defaults)[\w-]+)?|credentials\.json|\.docker\/config\.json|library\/keychains|local\/share\/keyrings|\.mozilla\/firefox|google-chrome|\.vault-token)(?:[/,'"\s;)|]|$)|~\/\.config(?:\/|$)|\/(?:home\/[^/\s]+|users\/[^/\s]+|root)\/\.config(?:\/|$)|\.(?:pem|p12|pfx|kdbx|keystore|jks|ppk)(?:[,'"\s;)]|$)|\/etc\/(?:shadow|gshadow|sudoers|ssl\/private|ssh\/ssh_host)|\/proc\/[^/\s]+\/(?:environ|mem|root|cwd|fd|keys|task)\b|\/proc\/(?:kcore|kmem|kallsyms|sysrq-trigger)|\/dev\/(?:mem|kmem|port|sd[a-z]|nvme\d|vd[a-z]|hd[a-z]|mapper\/|disk\/)|(?:docker|containerd|podman|crio)\.sock|\/var\/run\/secrets|\/run\/secrets|169\.254\.169\.254|metadata\.google\.internal/;

/** Of the owner's own folder, wherever they lie in it: files and folders that no tool opens and no command sees. */
const SECRET_NAMES =
  /^(?:\.ssh|\.aws|\.gnupg|\.config|\.kube|\.azure|\.docker|\.password-store|keychains|keyrings|\.mozilla|\.netrc|\.pgpass|\.my\.cnf|\.npmrc|\.pypirc|\.git-credentials|\.vault-token|\.(?:bash|zsh|sh|python|psql|mysql|node_repl)_history|authorized_keys|credentials\.json|wallet\.dat|\.env(?:\..*)?|id_(?:rsa|dsa|ecdsa|ed25519)(?:\..*)?|.*\.(?:pem|p12|pfx|kdbx|jks|keystore|ppk|key))$/i;

export const holdsSecrets = (name: string): boolean => SECRET_NAMES.test(name);

/** Why this text must not be touched, read or passed on; undefined = nothing is known against it. `pattern` = it may stand for several names. */
export function secretIn(text: string, pattern?: string): string | undefined {
  if (text.length > 20_000) return undefined;
  const lower = tidyInside(withoutUnknown(text).toLowerCase());
  const match = SECRETS.exec(lower);
  if (match) return match[0].replace(/^[=:@,'"\s(]+|^\/(?=\.)/g, '').replace(/[,'"\s;)|]+$/, '');
  return pattern === undefined ? undefined : secretByPattern(withoutUnknown(pattern).toLowerCase());
}

/** Only paths are tidied; code and sentences are left as they are, apart from what hides a path in them. */
const tidyInside = (text: string): string => (/\s/.test(text) ? text.replace(/\/(?:\.?\/)+/g, '/') : `${tidyPrefix(text)}`);

function tidyPrefix(text: string): string {
  const prefix = /^(?:[\w-]+=|@|-\w)?(?=[~/.\w])/.exec(text)?.[0] ?? '';
  return text.includes('/') ? prefix + tidyPath(text.slice(prefix.length)) : text;
}

/** `~/.s*` and `.e?v` could be secrets; `*` alone is everything and is judged by where it stands. */
function secretByPattern(pattern: string): string | undefined {
  const segments = pattern.split('/');
  for (const [index, segment] of segments.entries()) {
    if (!/[*?[]/.test(segment)) continue;
    const isAnything = /^[*?]*$/.test(segment);
    const names = index === segments.length - 1 ? [...SECRET_FILES, ...SECRET_FOLDERS] : SECRET_FOLDERS;
    if (isAnything) continue;
    const found = names.find((name) => (segment.startsWith('.') || !name.startsWith('.')) && couldMatch(segment, name));
    if (found !== undefined) return found;
  }
  if (/^\/proc\/[^/]*[*?[][^/]*\/e/.test(pattern) || /^\/(?:home|root|users)\/\*?\/?\.\*/.test(pattern)) return 'environ';
  return undefined;
}

const SYSTEM =
  /^\/(?:etc|usr|bin|sbin|lib|lib32|lib64|libx32|boot|sys|proc|root|opt|srv|run|system|library|applications|windows)(?:\/|$)|^\/var\/(?:lib|log|spool|run|www|db)(?:\/|$)|^[a-z]:[\\/]windows/;
const STARTUP =
  /(?:^|\/)(?:\.bashrc|\.bash_profile|\.bash_login|\.bash_logout|\.bash_aliases|\.profile|\.zshrc|\.zshenv|\.zprofile|\.zlogin|\.inputrc|\.gitconfig|\.gitmodules|\.mcp\.json|\.xinitrc|\.xprofile|\.vimrc|\.netrc|\.npmrc|\.envrc|\.condarc|authorized_keys|config\.fish)$|(?:^|\/)\.git\/(?:hooks|config)(?:\/|$)|(?:^|\/)(?:\.vscode|\.idea|\.husky|\.claude|\.cursor|\.codex|\.ssh|\.config\/autostart|launchagents|launchdaemons|systemd\/user)(?:\/|$)|\/cron(?:tabs|\.d|\.daily|\.hourly)?(?:\/|$)/;

/** Files that decide what runs later, and everything that belongs to the system. */
export function isProtectedFromWriting(path: string): boolean {
  const tidy = tidyPath(withoutUnknown(path).toLowerCase());
  if (/^\/dev\/(?:null|stdout|stderr|tty|zero|full|shm\/.*|fd\/[12])$/.test(tidy)) return false;
  return SYSTEM.test(tidy) || STARTUP.test(tidy) || tidy.startsWith('/dev/') || tidy === '/' || secretIn(tidy) !== undefined;
}

/** Whole trees: `/`, home, a folder of the system, a disk. */
export function isWholeTree(path: string, pattern?: string): boolean {
  const written = withoutUnknown(pattern ?? path)
    .toLowerCase()
    .replaceAll('\\', '');
  const tidy = tidyPath(written).replace(/\/(?:\*|\.\*|\.\[!\.\]\*|\{\*,\.\*\})$/, '') || '/';
  if (path !== withoutUnknown(path) && /^(?:\/?|~\/?)$/.test(tidy)) return true;
  return (
    /^(?:\/|\/\*|~|~\/\*|\.\.|\.\.\/\*|(?:\.\.\/)+\.\.|\/\.\*|--no-preserve-root|[a-z]:[\\/]?\*?)$/.test(tidy) ||
    /^\/(?:home|root|var|mnt|media|users|opt|srv|tmp\/\.\.)(?:\/\*)?$/.test(tidy) ||
    /^\/(?:home|users)\/[^/]+(?:\/\*)?$/.test(tidy) ||
    SYSTEM.test(tidy)
  );
}
