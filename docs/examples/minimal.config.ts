import { defineConfig } from '../../config/define-config.ts';

const verification = { urls: ['https://shop.example.com/'] };
export default defineConfig({
  environments: {
    production: {
      operators: ['release.manager@example.com'],
      services: [{ name: 'shop', targets: [{ scope: 'REGIONAL', region: 'eu-west-1', verification }] }],
    },
  },
});
