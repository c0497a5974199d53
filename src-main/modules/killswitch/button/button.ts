import type { Clock } from '../../../base/clock.ts';
import type { Disposable } from '../../../base/dispose.ts';
import type { Log } from '../../../base/log.ts';
import type { Config } from '../../../platform/config/index.ts';
import type { KillSwitch } from '../killswitch.ts';
import { killSwitchButton } from '../killswitch-config.ts';
import { createButtonLine, type ButtonLine } from './button-line.ts';
import { buttonSource } from './button-sources.ts';

/** Listens to the button that the setting names, and to another one as soon as it names another. A button that is lost stops everything, too. */
export function createButton(deps: {
  killSwitch: Pick<KillSwitch, 'engage'>;
  config: Pick<Config, 'get' | 'onChange'>;
  clock: Clock;
  log: Log;
}): Disposable {
  const { killSwitch, config, clock, log } = deps;
  let line: ButtonLine | undefined;
  let source: Promise<Disposable> | undefined;

  const close = (): void => {
    line?.close();
    line = undefined;
    source?.then((open) => open.dispose()).catch((error: unknown) => log.warn('killswitch.button-not-closed', { error }));
    source = undefined;
  };
  const use = (setting: string): void => {
    close();
    const open = buttonSource(setting);
    if (open === undefined) return;
    line = createButtonLine({
      clock,
      onStop(reason, why) {
        log.warn('killswitch.button', { reason, why });
        void killSwitch.engage({ level: 5, trigger: 'button', reason: reason === 'button' ? '' : reason });
      },
    });
    source = open(line, clock);
  };
  use(config.get(killSwitchButton));
  const unsubscribe = config.onChange(({ key }) => key === killSwitchButton.key && use(config.get(killSwitchButton)));
  return {
    dispose() {
      unsubscribe();
      close();
    },
  };
}
