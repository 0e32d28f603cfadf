import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type CfnFunction, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface HandlerProps {
  /** Of the function and its log group. */
  readonly name: string;
  /** The file in dist/lambda, without its ending. */
  readonly file: 'api-handler' | 'reconcile-handler' | 'schedule-handler' | 'slack-handler' | 'chat-handler';
  readonly timeout: Duration;
  readonly variables: Readonly<Record<string, string>>;
  readonly production: boolean;
  readonly reservedConcurrentExecutions?: number;
}

/** One of the Lambdas: the built folder as it is, a role that may write its own log and nothing else yet. */
export class Handler extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;

  constructor(parent: Construct, id: string, { name, file, timeout, variables, production, ...props }: HandlerProps) {
    super(parent, id);
    this.logGroup = new LogGroup(this, 'Log', {
      // Under this prefix Logs Insights finds the fields of our JSON lines by itself.
      logGroupName: `/aws/lambda/${name}`,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: production ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.logGroup.logGroupArn],
      }),
    );
    // The log format stays text: Lambda's JSON format would wrap our lines, and metrics in them would not be found.
    this.function = new LambdaFunction(this, 'Function', {
      ...props,
      functionName: name,
      code: Code.fromAsset('dist/lambda'),
      handler: `${file}.handler`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      // One whole CPU: a proof opens some hundred TLS connections.
      memorySize: 1_769,
      timeout,
      environment: { ...variables },
      role: this.role,
      logGroup: this.logGroup,
    });
    // CDK names the role in DependsOn besides its policy; cfn-lint sees that the one implies the other.
    const resource = this.function.node.defaultChild as CfnFunction;
    resource.addMetadata('cfn-lint', { config: { ignore_checks: ['W3005'] } });
  }
}
