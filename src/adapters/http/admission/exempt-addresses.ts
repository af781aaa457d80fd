import { BlockList, isIP } from 'node:net';

/** Names of groups of addresses, as in Express's setting `trust proxy`. */
export const ADDRESS_GROUPS: Readonly<Record<string, readonly string[]>> = {
  none: [],
  loopback: ['127.0.0.0/8', '::1'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** The addresses of a list of addresses, ranges such as `10.0.0.0/8`, and names of groups. */
export function exemptAddresses(list: readonly string[]): BlockList {
  const exempt = new BlockList();
  for (const range of list.flatMap((text) => ADDRESS_GROUPS[text] ?? [text])) {
    const [address = '', prefix] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) exempt.addAddress(address, family);
    else exempt.addSubnet(address, Number(prefix), family);
  }
  return exempt;
}
