import { defineConfig } from 'tsup';
import shared from '../../tools/config/tsup.config.ts';
import { isUsuallyOffered, makeCpuModule } from './src/cpu-module.ts';

const module = Buffer.from(makeCpuModule(isUsuallyOffered)).toString('base64');

export default defineConfig({ ...shared, define: { ZARCH_CPU_MODULE: JSON.stringify(module) } });
