import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

const cloudWatch = new ServicePrincipal('cloudwatch.amazonaws.com');
const fromThisAccount = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
/** What a publisher to an encrypted topic needs of its key. */
const KEY_CALLS = ['kms:Decrypt', 'kms:GenerateDataKey*'];

/**
 * Where notices and alarms go, encrypted. The key is our own: alarms cannot publish with the key that AWS manages [1].
 * @see [1] https://repost.aws/knowledge-center/cloudwatch-configure-alarm-sns
 */
export class Notices extends Construct {
  readonly topic: Topic;
  readonly key: Key;

  constructor(
    parent: Construct,
    id: string,
    { environment, email }: { environment: string; email: readonly string[] },
  ) {
    super(parent, id);
    this.key = new Key(this, 'Key', {
      description: `Drawbridge's notices of ${environment}`,
      enableKeyRotation: true,
    });
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: KEY_CALLS,
        resources: ['*'],
        conditions: fromThisAccount,
      }),
    );
    this.topic = new Topic(this, 'Topic', {
      displayName: `Drawbridge ${environment}`,
      masterKey: this.key,
      enforceSSL: true,
    });
    // A policy of our own takes the place of the one that lets in the whole account, and alarms with it.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [cloudWatch],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: fromThisAccount,
      }),
    );
    for (const address of email) this.topic.addSubscription(new EmailSubscription(address));
  }

  /** @param topic - One that the same key encrypts. */
  allowPublish(role: Role, topic: Topic = this.topic): void {
    role.addToPolicy(new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }));
    role.addToPolicy(
      new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [this.key.keyArn] }),
    );
  }
}
