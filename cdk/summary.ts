import { type App, CfnResource, Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** One line for each stack: how much it is, and how many findings of cdk-nag were acknowledged with a reason. */
export function summarise(app: App): string[] {
  const stacks = app.node.children.filter((child) => Stack.isStack(child));
  return stacks.map((stack) => {
    const nodes = stack.node.findAll();
    const resources = nodes.filter((node) => CfnResource.isCfnResource(node)).length;
    const acknowledged = nodes.reduce((sum, node) => sum + acknowledgements(node), 0);
    return `${stack.stackName}: ${resources} resources, ${acknowledged} acknowledged findings`;
  });
}

function acknowledgements({ node }: IConstruct): number {
  const entries = node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY);
  return entries.reduce((sum, { data }) => sum + Object.keys(data as object).length, 0);
}
