import { AwsSolutionsChecks } from 'cdk-nag';
import { INPUT, plain, removeSynthesized, resourcesOf, synthesized } from './synthesized.ts';

/** The route that anybody may ask, where the config lists a service for it. */

const { production } = INPUT.environments;
const input = { environments: { production: { ...production, publicStatus: ['shop'] } } };
const { app, template: templateOf } = synthesized(input);
const template = templateOf('drawbridge-production');
afterAll(removeSynthesized);

it('is the only one without an authorizer, with a share of its own, half of what a small account runs at once', () => {
  const routes = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties);
  const open = routes.filter(({ AuthorizationType }) => AuthorizationType === 'NONE');
  expect(open.map(({ RouteKey }) => RouteKey)).toEqual(['GET /public/status']);
  const [stage] = resourcesOf(template, 'AWS::ApiGatewayV2::Stage');
  expect(stage?.Properties.RouteSettings).toMatchObject({
    'GET /public/status': { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 5 },
  });
  // The settings name routes: made before them, the stage would fail.
  const [id] =
    Object.entries(template.Resources).find(([, one]) => one.Properties.RouteKey === 'GET /public/status') ?? [];
  expect(stage?.DependsOn).toContain(id);
});

it('is answered by a function that there is anyway: nobody may do more than before', () => {
  const without = synthesized().template('drawbridge-production');
  const of = (body: typeof template, type: string) => resourcesOf(body, type).length;
  for (const type of ['AWS::Lambda::Function', 'AWS::IAM::Policy', 'AWS::IAM::Role']) {
    expect(of(template, type)).toBe(of(without, type));
  }
  expect(plain(template.Outputs?.PublicStatusUrl?.Value)).toBe('<ApiHttpApi4C294DC0.ApiEndpoint>/public/status');
});

it('is not there without it', () => {
  expect(JSON.stringify(synthesized().template('drawbridge-production'))).not.toContain('/public');
});

it('leaves cdk-nag nothing that is not acknowledged with a reason', () => {
  expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
});
