import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  HttpApi,
  type HttpMethod,
  type HttpRoute,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  IAM_ROUTES,
  IAM_THROTTLE,
  PUBLIC_ROUTE,
  PUBLIC_THROTTLE,
  SLACK_ROUTE,
  SLACK_THROTTLE,
  type Throttle,
  TOKEN_ROUTES,
  TOKEN_THROTTLE,
} from '../contract/routes.ts';
import type { SignIn } from './sign-in.ts';

/** Who called and what came of it, one JSON object a line. No header and no body: they carry the token. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  at: '$context.requestTime',
  sourceIp: '$context.identity.sourceIp',
  routeKey: '$context.routeKey',
  status: '$context.status',
  clientId: '$context.authorizer.claims.client_id',
  userArn: '$context.identity.userArn',
  authorizerError: '$context.authorizer.error',
  integrationError: '$context.integrationErrorMessage',
  integrationMs: '$context.integrationLatency',
};

export interface ApiProps {
  readonly environment: string;
  readonly handler: IFunction;
  /** Of people in Slack; without it there is no such route. */
  readonly slack?: IFunction | undefined;
  /** Anybody may ask whether some services are open. */
  readonly isStatusPublic: boolean;
  readonly signIn: SignIn;
  readonly production: boolean;
}

/** Why no authorizer guards it. */
const OPEN_BECAUSE = {
  slack: 'Slack signs each request with the secret of the app; the handler checks it before it does anything.',
  public: 'The config says that anybody may ask; the answer holds nothing else, takes no input, and changes nothing.',
};

/**
 * The HTTP API: every route has a door, a token with its scope, a signature that IAM knows, or one of Slack's; but for the
 * one that the config opens to everybody.
 */
export class Api extends Construct {
  readonly api: HttpApi;

  constructor(parent: Construct, id: string, props: ApiProps) {
    super(parent, id);
    const { environment, handler, slack, isStatusPublic, signIn, production } = props;
    const api = new HttpApi(this, 'HttpApi', { apiName: `drawbridge-${environment}`, createDefaultStage: false });
    this.api = api;
    const integration = new HttpLambdaIntegration('Handler', handler, { scopePermissionToRoute: false });
    const token = new HttpJwtAuthorizer('Token', signIn.issuer, { jwtAudience: [signIn.clientId] });
    for (const { method, path, scope } of TOKEN_ROUTES) {
      const methods = [method as HttpMethod];
      api.addRoutes({ path, methods, integration, authorizer: token, authorizationScopes: [scope] });
    }
    const signature = new HttpIamAuthorizer();
    const signedRoutes = IAM_ROUTES.flatMap(({ method, path }) =>
      api.addRoutes({ path, methods: [method as HttpMethod], integration, authorizer: signature }),
    );
    const slackIntegration = slack && new HttpLambdaIntegration('Slack', slack);
    const openRoutes = [
      ...(slackIntegration ? addOpen(api, SLACK_ROUTE, slackIntegration, OPEN_BECAUSE.slack) : []),
      ...(isStatusPublic ? addOpen(api, PUBLIC_ROUTE, integration, OPEN_BECAUSE.public) : []),
    ];
    const accessLog = new LogGroup(this, 'AccessLog', {
      // Under this prefix the API needs no line in the account's resource policy, which holds few.
      logGroupName: `/aws/vendedlogs/drawbridge-${environment}-api`,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: production ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: TOKEN_THROTTLE.ratePerSecond, burstLimit: TOKEN_THROTTLE.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    const keyOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;
    const throttles = [
      ...IAM_ROUTES.map((route) => [keyOf(route), IAM_THROTTLE] as const),
      ...(slack ? [[keyOf(SLACK_ROUTE), SLACK_THROTTLE] as const] : []),
      ...(isStatusPublic ? [[keyOf(PUBLIC_ROUTE), PUBLIC_THROTTLE] as const] : []),
    ];
    throttleRoutes(stage, [...signedRoutes, ...openRoutes], throttles);
  }
}

/** Anyone who asks there knows neither Cognito nor IAM. */
function addOpen(
  api: HttpApi,
  { method, path }: typeof SLACK_ROUTE | typeof PUBLIC_ROUTE,
  integration: HttpLambdaIntegration,
  reason: string,
): HttpRoute[] {
  const routes = api.addRoutes({ path, methods: [method as HttpMethod], integration });
  for (const route of routes) Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason });
  return routes;
}

/** A route with settings of its own shares the stage's bucket no longer. They name routes, which must be there before. */
function throttleRoutes(
  stage: HttpStage,
  routes: readonly HttpRoute[],
  throttles: readonly (readonly [string, Throttle])[],
): void {
  const settings = throttles.map(([key, { ratePerSecond, burst }]) => {
    return [key, { ThrottlingRateLimit: ratePerSecond, ThrottlingBurstLimit: burst }] as const;
  });
  (stage.node.defaultChild as CfnStage).routeSettings = Object.fromEntries(settings);
  stage.node.addDependency(...routes);
}
