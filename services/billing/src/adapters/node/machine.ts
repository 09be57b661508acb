import { createHash } from 'node:crypto';
import { type Hash } from '../../use-cases/ports.js';

export const sha256: Hash = (text) => createHash('sha256').update(text).digest('hex');
