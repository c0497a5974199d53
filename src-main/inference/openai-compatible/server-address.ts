import { badAddress } from '../language/language-errors.ts';

/**
 * The base address of a server, mended where people commonly leave something out or paste too much: "http://127.0.0.1:11434" gets its "/v1",
 * ".../v1/chat/completions" loses its end. Throws `language.bad-address`.
 */
export function serverAddress(typed: string): URL {
  const text = typed.trim();
  if (!URL.canParse(text)) throw badAddress('it is not a web address');
  const address = new URL(text);
  if (address.protocol !== 'http:' && address.protocol !== 'https:') throw badAddress('it does not begin with http:// or https://');
  if (address.username !== '' || address.password !== '')
    throw badAddress('a name or password does not belong into it; the key has its own field');
  if (address.search !== '' || address.hash !== '') throw badAddress('it has a part behind "?" or "#"');
  const path = address.pathname.replace(/\/+$/, '').replace(/\/(?:chat\/)?completions$|\/models$/, '');
  address.pathname = path === '' ? '/v1' : path;
  return address;
}
