/** The skeleton of a backend (Node only). */
export { type InitOptions, type InitReport, initBackend } from './init-backend.ts';
