import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { problem } from '../../../../contract/problem.ts';
import { createRundownStore } from '../../../../lambda/src/store/rundowns.ts';
import { createTable } from '../../../../lambda/src/store/table.ts';
import { at, createWorld, line, MANAGER, ran, Terminal, type World } from './terminal.ts';

/** A sheet with a thousand steps that nobody has heard of yet: eleven transactions in one request. */

const MANY = 1_000;
let world: World;
let sheet: Terminal;
const begin = (deps: Partial<World['deps']> = {}) => {
  world = createWorld();
  world = { ...world, deps: { ...world.deps, ...deps } };
  const lines = Array.from({ length: MANY }, (_, number) =>
    line(String(number), 'shop', 'Enter maintenance', at(5 + number)),
  );
  sheet = new Terminal(world, 'release-42', lines);
};

const stored = () => world.table.items().filter(({ sk }) => sk.startsWith('STEP#')).length;

it('is stored to its end by the next sync, if the table gives up in the middle', async () => {
  begin();
  let parts = 0;
  world.table.meanwhile = (call, side) => {
    if (side !== 'before' || !call.startsWith('commit sheet')) return;
    parts += 1;
    if (parts % 4 === 0) throw problem('TRY_AGAIN', 'The table is busy just now.');
  };
  const request = sheet.read();
  await expect(sheet.send(request)).rejects.toMatchObject({ code: 'TRY_AGAIN' });
  const first = stored();
  expect(first).toBeGreaterThan(200);
  await expect(sheet.send(request)).rejects.toMatchObject({ code: 'TRY_AGAIN' });
  expect(stored()).toBeGreaterThan(first);
  for (let sync = 0; stored() < MANY && sync < 3; sync += 1) await sheet.sync().catch(() => {});
  world.table.meanwhile = undefined;
  await sheet.sync();
  expect(stored()).toBe(MANY);
});

it('with a Go among them runs it, though the table gives up on the others', async () => {
  begin();
  sheet.step('990').status = 'Go';
  let parts = 0;
  world.table.meanwhile = (call, side) => {
    if (side !== 'before' || !call.startsWith('commit sheet')) return;
    parts += 1;
    if (parts === 3) throw problem('TRY_AGAIN', 'The table is busy just now.');
  };
  const request = sheet.read('edit', sheet.event(['990'], MANAGER, { typed: 'Go' }));
  await expect(sheet.send(request)).rejects.toMatchObject({ code: 'TRY_AGAIN' });
  await sheet.follow(await sheet.send(request));
  await sheet.minute();
  expect(ran(world)).toEqual(['990 shop enter']);
  expect([sheet.step('990').status, stored()]).toEqual(['Done', MANY]);
});

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
const UNITS_A_SECOND = 1_000;

it('gets through a partition of the table that takes a thousand units a second, and no more', async () => {
  const clock = { now: 0 };
  const bucket = { units: UNITS_A_SECOND, at: 0 };
  const counted = { taken: 0, refused: 0 };
  const cost = (items: readonly { readonly Put?: object }[]) =>
    items.reduce((sum, { Put = {} }) => sum + 2 * Math.ceil(JSON.stringify(Put).length / 1_024), 0);
  const handle = async ({ body }: { body: Uint8Array }) => {
    const { TransactItems } = JSON.parse(new TextDecoder().decode(body));
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    const answer = (statusCode: number, told: object) => ({
      response: { statusCode, headers, body: Buffer.from(JSON.stringify(told)) },
    });
    if (!TransactItems) return answer(200, { Items: [] });
    bucket.units = Math.min(UNITS_A_SECOND, bucket.units + ((clock.now - bucket.at) * UNITS_A_SECOND) / 1_000);
    bucket.at = clock.now;
    const units = cost(TransactItems);
    const isTaken = units <= bucket.units;
    counted[isTaken ? 'taken' : 'refused'] += 1;
    if (isTaken) bucket.units -= units;
    const CancellationReasons = TransactItems.map(() => ({ Code: 'ThrottlingError' }));
    return isTaken
      ? answer(200, {})
      : answer(400, { __type: 'x#TransactionCanceledException', message: 'no', CancellationReasons });
  };
  const credentials = { accessKeyId: 'production', secretAccessKey: 'local' };
  const client = new DynamoDBClient({
    ...{ region: 'eu-west-1', endpoint: 'http://127.0.0.1:1', credentials, maxAttempts: 1 },
    requestHandler: { handle } as never,
  });
  const sleep = async (ms: number) => {
    clock.now += ms;
  };
  begin({ rundowns: createRundownStore(createTable('table', { client, sleep, random: () => 0.5 })) });
  await sheet.sync();
  expect(counted.taken).toBe(11);
  expect(counted.refused).toBeGreaterThan(0);
});
