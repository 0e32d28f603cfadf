/**
 * Stands in for the SDK's event streams in the bundles, which it loads for operations that stream events: neither DynamoDB
 * nor WAF, SNS or the Parameter Store has one that is called here.
 */
export class EventStreamSerde {
  constructor() {
    throw new Error('The bundles know no event streams: see lambda/no-event-streams.ts.');
  }
}

export const eventStreamSerdeProvider = EventStreamSerde;
