/** The part of WAFv2's model that is emulated, as it travels: blobs are base64. */

export type Scope = 'REGIONAL' | 'CLOUDFRONT';

export interface TextTransformation {
  readonly Priority: number;
  readonly Type: string;
}

export interface FieldToMatch {
  readonly UriPath?: object;
  readonly Method?: object;
  readonly QueryString?: object;
  readonly SingleHeader?: { readonly Name: string };
}

export interface ByteMatch {
  /** Base64. */
  readonly SearchString: string;
  readonly FieldToMatch: FieldToMatch;
  readonly TextTransformations: readonly TextTransformation[];
  readonly PositionalConstraint: string;
}

export interface IPSetReference {
  readonly ARN: string;
  readonly IPSetForwardedIPConfig?: {
    readonly HeaderName: string;
    readonly FallbackBehavior: 'MATCH' | 'NO_MATCH';
    readonly Position: 'FIRST' | 'LAST' | 'ANY';
  };
}

export interface Statement {
  readonly AndStatement?: { readonly Statements: readonly Statement[] };
  readonly OrStatement?: { readonly Statements: readonly Statement[] };
  readonly NotStatement?: { readonly Statement: Statement };
  readonly IPSetReferenceStatement?: IPSetReference;
  readonly LabelMatchStatement?: { readonly Scope: 'LABEL' | 'NAMESPACE'; readonly Key: string };
  readonly ByteMatchStatement?: ByteMatch;
}

export interface CustomResponse {
  readonly ResponseCode: number;
  readonly CustomResponseBodyKey?: string;
  readonly ResponseHeaders?: readonly { readonly Name: string; readonly Value: string }[];
}

export interface RuleAction {
  readonly Allow?: object;
  readonly Block?: { readonly CustomResponse?: CustomResponse };
  readonly Count?: object;
}

export interface Rule {
  readonly Name: string;
  readonly Priority: number;
  readonly Statement: Statement;
  readonly Action?: RuleAction;
  readonly RuleLabels?: readonly { readonly Name: string }[];
  readonly VisibilityConfig: object;
}

export interface ResponseBody {
  readonly ContentType: 'TEXT_PLAIN' | 'TEXT_HTML' | 'APPLICATION_JSON';
  readonly Content: string;
}

/** What UpdateRuleGroup replaces, all of it. */
export interface RuleGroupContent {
  readonly Description?: string;
  readonly Rules: readonly Rule[];
  readonly CustomResponseBodies?: Readonly<Record<string, ResponseBody>>;
  readonly VisibilityConfig: object;
}

export interface IPSetContent {
  readonly Description?: string;
  readonly Addresses: readonly string[];
}
