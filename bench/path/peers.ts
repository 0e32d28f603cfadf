import { spawn } from 'node:child_process';
import { CreateRuleGroupCommand, WAFV2Client } from '@aws-sdk/client-wafv2';

/** Other ways to set one rule group, as a person has them on a laptop: each is a get and an update at the local WAF. */

export interface Peer {
  readonly name: string;
  /** How long the whole of it took, in milliseconds. */
  run(): Promise<number>;
}

const REGION = 'eu-west-1';
const GROUP = 'bench-peer';
const VISIBILITY = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: GROUP };
const RULES = [
  {
    Name: 'closed',
    Priority: 0,
    Statement: { NotStatement: { Statement: { LabelMatchStatement: { Scope: 'LABEL', Key: 'drawbridge:tester' } } } },
    Action: { Block: { CustomResponse: { ResponseCode: 503 } } },
    VisibilityConfig: VISIBILITY,
  },
];

const BOTO3 = `
import boto3, json, sys
place = dict(Name=sys.argv[1], Scope="REGIONAL", Id=sys.argv[2])
waf = boto3.client("wafv2")
token = waf.get_rule_group(**place)["LockToken"]
waf.update_rule_group(**place, LockToken=token, Rules=json.loads(sys.argv[3]), VisibilityConfig=json.loads(sys.argv[4]))
`;

/** @returns Those whose tools are installed; names of the others. */
export async function peersAt(url: string): Promise<{ peers: readonly Peer[]; missing: readonly string[] }> {
  const credentials = { accessKeyId: 'production', secretAccessKey: 'local' };
  const environment = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    AWS_ENDPOINT_URL_WAFV2: url,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const client = new WAFV2Client({ region: REGION, endpoint: url, credentials });
  const group = { Name: GROUP, Scope: 'REGIONAL', Capacity: 50, VisibilityConfig: VISIBILITY } as const;
  const { Summary } = await client.send(new CreateRuleGroupCommand(group));
  client.destroy();
  const id = Summary?.Id as string;
  const execute = (command: string, words: readonly string[]) => run(command, words, environment);
  const texts = [JSON.stringify(RULES), JSON.stringify(VISIBILITY)] as const;
  const placed = ['--name', GROUP, '--scope', 'REGIONAL', '--id', id];

  const all: readonly (Peer & { readonly isThere: () => Promise<unknown> })[] = [
    {
      name: 'AWS CLI',
      isThere: () => execute('aws', ['--version']),
      run: timed(async () => {
        const got = JSON.parse(await execute('aws', ['wafv2', 'get-rule-group', ...placed, '--output', 'json']));
        const change = ['--lock-token', got.LockToken, '--rules', texts[0], '--visibility-config', texts[1]];
        await execute('aws', ['wafv2', 'update-rule-group', ...placed, ...change]);
      }),
    },
    {
      name: 'boto3 script',
      isThere: () => execute('python3', ['-c', 'import boto3']),
      run: timed(async () => void (await execute('python3', ['-c', BOTO3, GROUP, id, ...texts]))),
    },
  ];
  const isThere = await Promise.all(
    all.map((one) =>
      one.isThere().then(
        () => true,
        () => false,
      ),
    ),
  );
  return {
    peers: all.filter((_one, at) => isThere[at]),
    missing: all.filter((_one, at) => !isThere[at]).map(({ name }) => name),
  };
}

const timed = (work: () => Promise<void>) => async (): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};

function run(command: string, words: readonly string[], env: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    let wrong = '';
    child.stdout.on('data', (data) => (said += data));
    child.stderr.on('data', (data) => (wrong += data));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(said) : reject(new Error(`${command}: ${wrong}`))));
  });
}
