import { PositionalConstraint, TextTransformationType } from '@aws-sdk/client-wafv2';
import * as z from 'zod/mini';

/**
 * The shapes that the local WAF understands, with the lengths and patterns of the service's own model. They are strict:
 * what the real WAF has and this one lacks is an unknown key or a value outside {@link oneOf}, and is refused by name.
 * @see https://docs.aws.amazon.com/waf/latest/APIReference/API_Types_AWS_WAFV2.html
 */

/** The part of a real enumeration that works here. */
const oneOf = <T extends string>(real: Readonly<Record<string, string>>, ...works: T[]) =>
  z.pipe(
    z.enum(real as Record<string, string>).check(
      z.superRefine((value, context) => {
        if (works.includes(value as T)) return;
        context.addIssue({ code: 'custom', input: value, params: { notSupported: value } });
      }),
    ),
    z.transform((value) => value as T),
  );

const text = (min: number, max: number, pattern: RegExp) =>
  z.string().check(z.minLength(min), z.maxLength(max), z.regex(pattern));

export const name = text(1, 128, /^[\w-]+$/);
export const scope = z.enum(['CLOUDFRONT', 'REGIONAL']);
export const id = text(1, 36, /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/);
export const arn = z.string().check(z.minLength(20), z.maxLength(2048));
export const capacity = z.int().check(z.gte(1));
export const description = text(1, 256, /^[\w+=:#@/\-,.][\w+=:#@/\-,.\s]+[\w+=:#@/\-,.]$/);
export const addresses = z.array(z.string().check(z.minLength(1), z.maxLength(50)));
const label = text(1, 1024, /^[0-9A-Za-z_\-:]+$/);
const priority = z.int().check(z.gte(0));
const empty = z.strictObject({});

export const visibilityConfig = z.strictObject({
  SampledRequestsEnabled: z.boolean(),
  CloudWatchMetricsEnabled: z.boolean(),
  MetricName: text(1, 255, /^[\w#:./-]+$/),
});

/** Which part of a request is compared, and as what. */
const inspectedPart = {
  FieldToMatch: z.strictObject({
    UriPath: z.optional(empty),
    QueryString: z.optional(empty),
    Method: z.optional(empty),
    SingleHeader: z.optional(z.strictObject({ Name: text(1, 64, /\S/) })),
  }),
  TextTransformations: z
    .array(
      z.strictObject({
        Priority: priority,
        Type: oneOf(TextTransformationType, 'NONE', 'LOWERCASE', 'URL_DECODE', 'NORMALIZE_PATH'),
      }),
    )
    .check(z.minLength(1)),
};

const byteMatch = z.strictObject({
  /** Base64. */
  SearchString: z.string(),
  ...inspectedPart,
  PositionalConstraint: oneOf(PositionalConstraint, 'EXACTLY', 'STARTS_WITH', 'ENDS_WITH', 'CONTAINS'),
});

/**
 * Of libpcre's syntax, what means the same in JavaScript: groups that capture nothing, and no looking around.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-regex-pattern-support.html
 */
const regexString = text(1, 512, /[\s\S]/).check(
  z.superRefine((value, context) => {
    const unlike = /\((?!\?:)|\\[^.\\/\-$^+*?()[\]{}|dws]|[*+?}]\+|\[:/.exec(value.replaceAll(/\\[()[\]]/g, ''));
    if (!unlike) return;
    context.addIssue({ code: 'custom', input: value, params: { notSupported: `with ${unlike[0]}` } });
  }),
);

const regexMatch = z.strictObject({ RegexString: regexString, ...inspectedPart });

const ipSetReference = z.strictObject({
  ARN: arn,
  IPSetForwardedIPConfig: z.optional(
    z.strictObject({
      HeaderName: text(1, 255, /^[a-zA-Z0-9-]+$/),
      FallbackBehavior: z.enum(['MATCH', 'NO_MATCH']),
      Position: z.enum(['FIRST', 'LAST', 'ANY']),
    }),
  ),
});

const labelMatch = z.strictObject({ Scope: z.enum(['LABEL', 'NAMESPACE']), Key: label });

export type ByteMatch = z.output<typeof byteMatch>;
export type RegexMatch = z.output<typeof regexMatch>;
export type IpSetReference = z.output<typeof ipSetReference>;
export type LabelMatch = z.output<typeof labelMatch>;

/** Exactly one of these is there. */
export interface Statement {
  readonly ByteMatchStatement?: ByteMatch;
  readonly RegexMatchStatement?: RegexMatch;
  readonly IPSetReferenceStatement?: IpSetReference;
  readonly LabelMatchStatement?: LabelMatch;
  readonly AndStatement?: { readonly Statements: Statement[] };
  readonly OrStatement?: { readonly Statements: Statement[] };
  readonly NotStatement?: { readonly Statement: Statement };
}

/** What And, Or and Not are about; nothing of any other. */
export const innerOf = ({ AndStatement, OrStatement, NotStatement }: Statement): readonly Statement[] =>
  (AndStatement ?? OrStatement)?.Statements ?? (NotStatement ? [NotStatement.Statement] : []);

const statement: z.ZodMiniType<Statement> = z.lazy(() => z.strictObject(statements));

const statements = {
  ByteMatchStatement: z.optional(byteMatch),
  RegexMatchStatement: z.optional(regexMatch),
  IPSetReferenceStatement: z.optional(ipSetReference),
  LabelMatchStatement: z.optional(labelMatch),
  AndStatement: z.optional(z.strictObject({ Statements: z.array(statement) })),
  OrStatement: z.optional(z.strictObject({ Statements: z.array(statement) })),
  NotStatement: z.optional(z.strictObject({ Statement: statement })),
};

export const SUPPORTED_STATEMENTS: readonly string[] = Object.keys(statements);

const customResponse = z.strictObject({
  ResponseCode: z.int().check(z.gte(200), z.lte(599)),
  CustomResponseBodyKey: z.optional(name),
  ResponseHeaders: z.optional(
    z
      .array(z.strictObject({ Name: text(1, 64, /^[a-zA-Z0-9._$-]+$/), Value: text(1, 255, /.*/) }))
      .check(z.minLength(1)),
  ),
});

const block = z.strictObject({ CustomResponse: z.optional(customResponse) });

const ruleFields = {
  Name: name,
  Priority: priority,
  Action: z.optional(z.strictObject({ Allow: z.optional(empty), Block: z.optional(block), Count: z.optional(empty) })),
  RuleLabels: z.optional(z.array(z.strictObject({ Name: label }))),
  VisibilityConfig: visibilityConfig,
};

const rule = z.strictObject({ ...ruleFields, Statement: statement });

/** Only a web ACL may refer to a rule group, and not from within another statement. */
const webAclRule = z.strictObject({
  ...ruleFields,
  Statement: z.strictObject({
    ...statements,
    RuleGroupReferenceStatement: z.optional(z.strictObject({ ARN: arn })),
  }),
  OverrideAction: z.optional(z.strictObject({ None: z.optional(empty), Count: z.optional(empty) })),
});

export const rules = z.array(rule);
export const webAclRules = z.array(webAclRule);
export const defaultAction = z.strictObject({ Allow: z.optional(empty), Block: z.optional(block) });
export const customResponseBodies = z.record(
  name,
  z.strictObject({
    ContentType: z.enum(['TEXT_PLAIN', 'TEXT_HTML', 'APPLICATION_JSON']),
    Content: z.string().check(z.minLength(1), z.maxLength(10_240)),
  }),
);

export type Rule = z.output<typeof rule>;
export type WebAclRule = z.output<typeof webAclRule>;
export type CustomResponse = z.output<typeof customResponse>;
export type CustomResponseBodies = z.output<typeof customResponseBodies>;
export type Scope = z.output<typeof scope>;
