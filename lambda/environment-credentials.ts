import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for the SDK's chain of credential providers in the bundles: Lambda has credentials in its environment and
 * nowhere else, and the rest of the chain (files, single sign-on, web identity, other machines) is a third of a bundle.
 */
export const defaultProvider = fromEnv;
