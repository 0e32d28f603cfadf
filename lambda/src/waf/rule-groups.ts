import {
  GetIPSetCommand,
  GetRuleGroupCommand,
  type IPAddressVersion,
  ListIPSetsCommand,
  ListRuleGroupsCommand,
  type RuleGroup,
  UpdateIPSetCommand,
  UpdateRuleGroupCommand,
  WAFNonexistentItemException,
  WAFV2Client,
} from '@aws-sdk/client-wafv2';
import { timeouts } from '../model/sdk-timeouts.ts';
import { RuleGroupError, wafError } from './errors.ts';
import type { Place } from './place.ts';
import { type RuleGroupContent, ruleGroupName } from './rules/rules.ts';

export interface Snapshot<T> {
  readonly id: string;
  readonly arn: string;
  readonly lockToken: string;
  readonly value: T;
}

export type AddressVersion = 4 | 6;

/**
 * The rule groups and IP sets of the services; the only file that knows WAF. They are found by name, remembered, and
 * found anew when they vanish. A write takes the lock token of the read it follows, and never repeats itself.
 * @throws RuleGroupError - With a code, and whether trying again can help. Nothing was written.
 */
export interface RuleGroupStore {
  read(place: Place): Promise<Snapshot<RuleGroup>>;
  write(place: Place, from: Snapshot<RuleGroup>, content: RuleGroupContent): Promise<void>;
  readSet(place: Place, version: AddressVersion): Promise<Snapshot<readonly string[]>>;
  writeSet(place: Place, version: AddressVersion, from: Snapshot<unknown>, addresses: readonly string[]): Promise<void>;
}

/** WAF takes one write of each kind per second, account and region. */
const BETWEEN_WRITES_MS = 1_050;
/** A tick lasts less than a minute, and people's own writes need their turn too: the rest comes with the next one. */
const LONGEST_QUEUE_MS = 25_000;
const PAGE = 100;

export interface Pacing {
  now(): number;
  sleep(ms: number): Promise<void>;
}

interface Found {
  readonly Id: string;
  readonly ARN: string;
}

type Page = { items: { Name?: string; Id?: string; ARN?: string }[]; next?: string };

/** How the ids are found that an action needs. */
interface List {
  readonly kind: 'groups' | 'sets';
  page(marker?: string): Promise<Page>;
}

export function createRuleGroupStore(
  pacing: Pacing,
  clientFor: (region: string) => WAFV2Client = newClient,
): RuleGroupStore {
  const clients = new Map<string, WAFV2Client>();
  const found = new Map<string, Found>();
  const listings = new Map<string, Promise<void>>();
  const nextWriteAt = new Map<string, number>();

  function client({ region }: Place): WAFV2Client {
    const known = clients.get(region) ?? clientFor(region);
    clients.set(region, known);
    return known;
  }

  /** Waits for this process's turn: others' calls are met by trying again. */
  async function turn({ region, service }: Place, kind: string): Promise<void> {
    const key = `${region} ${kind}`;
    const at = Math.max(pacing.now(), nextWriteAt.get(key) ?? 0);
    if (at > pacing.now() + LONGEST_QUEUE_MS) {
      throw new RuleGroupError(
        'FIREWALL_BUSY',
        false,
        `${service} waits: too many others are written in ${region} now.`,
      );
    }
    nextWriteAt.set(key, at + BETWEEN_WRITES_MS);
    if (at > pacing.now()) await pacing.sleep(at - pacing.now());
  }

  /** One write, when it is its turn; what goes wrong comes in our words. */
  async function inTurn(place: Place, name: string, kind: string, write: () => Promise<unknown>): Promise<void> {
    await turn(place, kind);
    await write().catch((error) => {
      throw wafError(error, place, name);
    });
  }

  /** Runs a call with the remembered id; when WAF does not know it any more, it is looked up once more. */
  async function withId<T>(place: Place, name: string, list: List, call: (id: Found) => Promise<T>): Promise<T> {
    const key = keyOf(place, name);
    const remembered = found.get(key);
    try {
      if (!remembered) await findAll(place, list);
      const id = found.get(key);
      if (!id) throw RuleGroupError.missing(place, name);
      return await call(id);
    } catch (error) {
      const isGone = error instanceof WAFNonexistentItemException;
      if (isGone) found.delete(key);
      if (isGone && remembered) return withId(place, name, list, call);
      throw wafError(error, place, name);
    }
  }

  const keyOf = ({ region, scope }: Place, name: string): string => `${region} ${scope} ${name}`;

  /** WAF lists all names or none: so all are remembered, and who asks meanwhile waits for the same list. */
  function findAll(place: Place, list: List): Promise<void> {
    const key = keyOf(place, list.kind);
    const underWay = listings.get(key) ?? readList(place, list).finally(() => listings.delete(key));
    listings.set(key, underWay);
    return underWay;
  }

  async function readList(place: Place, list: List): Promise<void> {
    let marker: string | undefined;
    do {
      const { items, next } = await list.page(marker);
      for (const { Name, Id, ARN } of items) {
        if (Name && Id && ARN) found.set(keyOf(place, Name), { Id, ARN });
      }
      // WAF may send a marker with its last page, and fewer items than asked for with any.
      marker = items.length > 0 ? next : undefined;
    } while (marker);
  }

  const listGroups = (place: Place): List => ({
    kind: 'groups',
    async page(NextMarker) {
      const { RuleGroups = [], NextMarker: next } = await client(place).send(
        new ListRuleGroupsCommand({ Scope: place.scope, Limit: PAGE, NextMarker }),
      );
      return { items: RuleGroups, next };
    },
  });
  const listSets = (place: Place): List => ({
    kind: 'sets',
    async page(NextMarker) {
      const { IPSets = [], NextMarker: next } = await client(place).send(
        new ListIPSetsCommand({ Scope: place.scope, Limit: PAGE, NextMarker }),
      );
      return { items: IPSets, next };
    },
  });

  return {
    read(place) {
      const Name = ruleGroupName(place.service);
      return withId(place, Name, listGroups(place), async ({ Id, ARN }) => {
        const answer = await client(place).send(new GetRuleGroupCommand({ Name, Scope: place.scope, Id }));
        return { id: Id, arn: ARN, lockToken: answer.LockToken as string, value: answer.RuleGroup as RuleGroup };
      });
    },

    async write(place, from, content) {
      const Name = ruleGroupName(place.service);
      const command = new UpdateRuleGroupCommand({
        Name,
        Scope: place.scope,
        Id: from.id,
        LockToken: from.lockToken,
        ...content,
      });
      await inTurn(place, Name, 'UpdateRuleGroup', () => client(place).send(command));
    },

    readSet(place, version) {
      const Name = setName(place, version);
      return withId(place, Name, listSets(place), async ({ Id, ARN }) => {
        const { LockToken, IPSet } = await client(place).send(new GetIPSetCommand({ Name, Scope: place.scope, Id }));
        return { id: Id, arn: ARN, lockToken: LockToken as string, value: IPSet?.Addresses ?? [] };
      });
    },

    async writeSet(place, version, from, addresses) {
      const Name = setName(place, version);
      const command = new UpdateIPSetCommand({
        Name,
        Scope: place.scope,
        Id: from.id,
        LockToken: from.lockToken,
        Addresses: [...addresses],
      });
      await inTurn(place, Name, 'UpdateIPSet', () => client(place).send(command));
    },
  };
}

const VERSION_NAMES: Readonly<Record<AddressVersion, Lowercase<IPAddressVersion>>> = { 4: 'ipv4', 6: 'ipv6' };
const setName = (place: Place, version: AddressVersion): string =>
  `${ruleGroupName(place.service)}-${VERSION_NAMES[version]}`;

/** One attempt a call: {@link converge} reads everything anew before it tries again. */
const newClient = (region: string): WAFV2Client =>
  new WAFV2Client({ region, maxAttempts: 1, requestHandler: timeouts(4_000) });
