import { SERVICES } from './apps-script-runtime/services.ts';
import { COGNITO_EMULATES } from './cognito/start.ts';
import { DYNAMODB_EMULATES } from './dynamodb/start.ts';
import { GATEWAY_EMULATES } from './gateway/start.ts';
import { GOOGLE_DOCS_EMULATES } from './google-docs.ts';
import { INVOKE_API_EMULATES } from './lambda-runtime/invoke-api.ts';
import { SLACK_EMULATES } from './slack/start.ts';
import { SNS_EMULATES } from './sns/start.ts';
import { SSM_EMULATES } from './ssm/start.ts';
import { WAF_EMULATES } from './waf/start.ts';

/** What each part of the local stack does, from its code. Everything else it refuses by name. */
export function emulates(): string[] {
  const parts = {
    'Apps Script': Object.keys(SERVICES),
    'Google Docs': GOOGLE_DOCS_EMULATES,
    Cognito: COGNITO_EMULATES,
    'API Gateway': GATEWAY_EMULATES,
    Lambda: INVOKE_API_EMULATES,
    WAF: WAF_EMULATES,
    DynamoDB: DYNAMODB_EMULATES,
    SNS: SNS_EMULATES,
    'Parameter Store': SSM_EMULATES,
    Slack: SLACK_EMULATES,
  };
  return Object.entries(parts).map(([part, what]) => `${part}: ${what.join(', ')}`);
}
