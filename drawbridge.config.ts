import { defineConfig } from './contract/config.ts';

/**
 * The one file to edit: which services there are, how to recognise testers, who may act, and how to prove the effect.
 * It is checked by `npm run build`; a mistake is answered with its place and the remedy.
 */
export default defineConfig({
  environments: {
    production: {
      production: true,
      operators: ['release.manager@example.com', 'duty.manager@example.com'],
      // All probes must agree, over at least this many seconds, before anybody reads "closed".
      proof: { probes: 5, spreadSeconds: 10, from: 'eu-west-1' },
      services: [
        {
          name: 'shop',
          targets: [
            {
              // CloudFront's own rules stand before its cache: without them, cached pages would stay open.
              scope: 'CLOUDFRONT',
              region: 'us-east-1',
              verification: { urls: ['https://shop.example.com/', 'https://shop.example.com/api/cart'] },
            },
            {
              scope: 'REGIONAL',
              region: 'eu-west-1',
              // Behind CloudFront the connection is CloudFront's; it appends the client's address to this header.
              clientAddress: { header: 'X-Forwarded-For', position: 'LAST' },
              verification: { urls: ['https://origin.shop.example.com/'] },
            },
          ],
          apiPrefixes: ['/api/'],
          apiOrigins: ['https://app.example.com'],
          exemptPaths: ['/health'],
          allowlist: ['192.0.2.0/28', '2001:db8:7e57::/48'],
        },
        {
          name: 'payments',
          targets: [
            {
              scope: 'REGIONAL',
              region: 'eu-west-1',
              verification: { urls: ['https://payments.example.com/'] },
            },
          ],
          apiPrefixes: ['/api/'],
          exemptPaths: ['/health', { prefix: '/webhooks/' }],
          allowlist: ['192.0.2.0/28'],
          operators: ['payments.lead@example.com'],
        },
      ],
    },
    staging: {
      operators: ['release.manager@example.com', 'developer@example.com'],
      services: [
        {
          name: 'shop-staging',
          title: 'Shop (staging)',
          targets: [
            {
              scope: 'REGIONAL',
              region: 'eu-west-1',
              verification: { urls: ['https://staging.shop.example.com/'] },
            },
          ],
          apiPrefixes: ['/api/'],
          exemptPaths: ['/health'],
        },
      ],
    },
  },
});
