import type { CallInput, CallName, CallResult } from '../../src-preload/contract/index.ts';

/** A core with a telephone, in this process or behind a window. */
export interface AskedCore {
  call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<CallResult<Name>>;
}

/** A way to the network at this port, the only one; the exchange knows whoever calls from there by the address. Resolves with its id. */
export async function openTrunk(core: AskedCore, port: number): Promise<string> {
  const { trunks } = await core.call('phone.status', {});
  const { id } = await core.call('phone.saveTrunk', {
    ...(trunks[0] === undefined ? {} : { id: trunks[0].id }),
    name: 'Box',
    preset: 'custom',
    enabled: true,
    host: '127.0.0.1',
    port,
    transport: 'udp',
    username: '',
    authUser: '',
    callerId: '',
    codecs: ['alaw'],
    registers: false,
    countryPrefix: '49',
  });
  return id;
}
