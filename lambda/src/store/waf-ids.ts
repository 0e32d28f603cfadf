import { servicePk } from './keys.ts';
import type { Key, Table } from './table.ts';

/** The ids that WAF gave to what belongs to a service, so that a cold start need not list for them. */
export interface WafIds {
  wafId(place: WafPlace, name: string): Promise<WafId | undefined>;
  rememberWafId(place: WafPlace, name: string, id: WafId): Promise<void>;
}

interface WafPlace {
  readonly service: string;
  readonly scope: string;
  readonly region: string;
}

interface WafId {
  readonly Id: string;
  readonly ARN: string;
}

const keyOf = ({ service, scope, region }: WafPlace, name: string): Key => ({
  pk: servicePk(service),
  sk: `WAF-ID#${scope}/${region}/${name}`,
});

export const createWafIds = (table: Table): WafIds => ({
  wafId: (place, name) => table.get<WafId>(keyOf(place, name)),
  async rememberWafId(place, name, { Id, ARN }) {
    await table.commit([{ put: { ...keyOf(place, name), Id, ARN }, label: 'waf id' }]);
  },
});
