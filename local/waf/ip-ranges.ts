import ipaddr from 'ipaddr.js';
import { invalidParameter, REASONS } from './errors.ts';

export type AddressVersion = 'IPV4' | 'IPV6';
export type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** An address in the one form that WAF takes, or nothing. */
export function readAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return ipaddr.IPv6.isValid(text) && !text.includes('%') ? ipaddr.IPv6.parse(text) : undefined;
}

/**
 * One entry of an IP set: CIDR always, the set's version, no `/0`, the network's own address.
 * @throws WafError
 * @see https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateIPSet.html
 * @see https://github.com/aws/aws-cdk/issues/20003 for the host bits and the wording
 */
export function readRange(cidr: string, version: AddressVersion): Range {
  const refused = invalidParameter('IP_ADDRESS', cidr, REASONS.format);
  const [, address = '', bits = ''] = /^([^/]+)\/(\d{1,3})$/.exec(cidr) ?? [];
  const parsed = readAddress(address);
  const length = Number(bits);
  if (parsed?.kind() !== version.replace('IPV', 'ipv')) throw refused;
  if (length < 1 || length > (version === 'IPV4' ? 32 : 128)) throw refused;
  const network =
    version === 'IPV4' ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  if (parsed?.toNormalizedString() !== network.toNormalizedString()) throw refused;
  return [parsed as Range[0], length];
}

const longForm = ({ parts }: ipaddr.IPv6): string => parts.map((part) => part.toString(16).padStart(4, '0')).join(':');

/**
 * WAF gives IPv6 back in its long form, whatever form it was sent in: for WAF Classic on record [1], for WAFv2 believed,
 * as Terraform compares its entries by meaning [2].
 * @see [1] https://github.com/hashicorp/terraform-provider-aws/issues/22797
 * @see [2] https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/wafv2/ip_set.go
 */
export const writeRange = ([address, length]: Range): string =>
  `${address instanceof ipaddr.IPv6 ? longForm(address) : address.toString()}/${length}`;

export const inRanges = (address: ipaddr.IPv4 | ipaddr.IPv6, ranges: readonly Range[]): boolean =>
  ranges.some((range) => range[0].kind() === address.kind() && address.match(range as [never, number]));
