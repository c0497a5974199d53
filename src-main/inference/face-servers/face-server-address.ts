import { isLoopback } from '../remote/reach.ts';
import { badAddress, remoteNotAllowed } from './face-server-errors.ts';

/** The base address as its owner typed it, without a slash at its end. Throws `film.bad-address` and `film.remote`. */
export function faceServerAddress(typed: string, options: { remoteAllowed: boolean }): URL {
  const text = typed.trim();
  if (!URL.canParse(text)) throw badAddress('it is not a web address');
  const address = new URL(text);
  if (address.protocol !== 'http:' && address.protocol !== 'https:') throw badAddress('it does not begin with http:// or https://');
  if (address.username !== '' || address.password !== '')
    throw badAddress('a name or password does not belong into it; the token has its own field');
  if (address.search !== '' || address.hash !== '') throw badAddress('it has a part behind "?" or "#"');
  if (!isLoopback(address) && !options.remoteAllowed) throw remoteNotAllowed(address.host);
  address.pathname = address.pathname.replace(/\/+$/, '');
  return address;
}
