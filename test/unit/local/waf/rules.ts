import type { InspectedRequest } from '../../../../local/waf/match.ts';
import type { Rule, Statement } from '../../../../local/waf/schema.ts';

/** Only what a test is about has to be said. */
export const rule = (more: Partial<Rule> & { Statement: Statement }): Rule => {
  const { Name = 'rule' } = more;
  const VisibilityConfig = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: Name };
  return { Priority: 0, Action: { Block: {} }, VisibilityConfig, ...more, Name };
};

type ByteMatch = NonNullable<Statement['ByteMatchStatement']>;

export const bytes = (
  search: string,
  FieldToMatch: ByteMatch['FieldToMatch'],
  PositionalConstraint: ByteMatch['PositionalConstraint'] = 'EXACTLY',
  ...types: ByteMatch['TextTransformations'][number]['Type'][]
): Statement => ({
  ByteMatchStatement: {
    SearchString: Buffer.from(search).toString('base64'),
    FieldToMatch,
    PositionalConstraint,
    TextTransformations: (types.length ? types : (['NONE'] as const)).map((Type, Priority) => ({ Type, Priority })),
  },
});

export const pathIs = (path: string): Statement => bytes(path, { UriPath: {} });
export const labelled = (Key: string, Scope: 'LABEL' | 'NAMESPACE' = 'LABEL'): Statement => ({
  LabelMatchStatement: { Scope, Key },
});
export const not = (Statement: Statement): Statement => ({ NotStatement: { Statement } });
export const always: Statement = bytes('/', { UriPath: {} }, 'STARTS_WITH');

export const request = (more: Partial<InspectedRequest> = {}): InspectedRequest => ({
  method: 'GET',
  path: '/',
  query: '',
  headers: {},
  sourceIp: '192.0.2.10',
  ...more,
});
