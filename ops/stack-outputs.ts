import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { controlPlaneStackName } from '../cdk/names.ts';
import { CommandError } from './command.ts';

/** What the deployed stack says of itself. */
export interface StackOutputs {
  readonly apiUrl: string;
  readonly tokenUrl: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly noticeTopicArn: string;
  /** Where the config names a chat channel. */
  readonly chatAnswersTopicArn?: string;
}

/** @throws CommandError - It is not deployed, or lacks an output. */
export async function readStackOutputs(
  client: Pick<CloudFormationClient, 'send'>,
  environment: string,
  region: string,
): Promise<StackOutputs> {
  const name = controlPlaneStackName(environment);
  const remedy = `Deploy it: npx cdk deploy ${name}`;
  const answer = await client.send(new DescribeStacksCommand({ StackName: name })).catch((error: Error) => {
    if (error.name !== 'ValidationError') throw error;
    throw new CommandError(`There is no stack ${name} in ${region} of this account. ${remedy}`);
  });
  const outputs = answer.Stacks?.[0]?.Outputs ?? [];
  const find = (key: string) => outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  const output = (key: string): string => {
    const value = find(key);
    if (value) return value;
    throw new CommandError(`The stack ${name} has no output ${key}. ${remedy}`);
  };
  const chatAnswersTopicArn = find('ChatAnswersTopicArn');
  return {
    apiUrl: output('ApiUrl').replace(/\/$/, ''),
    tokenUrl: output('TokenUrl'),
    userPoolId: output('UserPoolId'),
    clientId: output('ClientId'),
    noticeTopicArn: output('NoticeTopicArn'),
    ...(chatAnswersTopicArn ? { chatAnswersTopicArn } : {}),
  };
}
