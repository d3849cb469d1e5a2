/** The samplers that `pnpm bench --peers` measures beside ours, on the same files in the same run. README.md says why each in this form. */
import type { Peer } from '../src/rows/peer.ts';
import { ferrotherm } from './ferrotherm-peer.ts';
import { pythonPeer } from './python-peer.ts';

export const peers: readonly Peer[] = [
  pythonPeer({ name: 'pytorch', modules: ['torch'], script: 'pytorch_gibbs.py', passSecondsMax: 120 }),
  pythonPeer({ name: 'thrml', modules: ['thrml'], script: 'thrml_gibbs.py', passSecondsMax: 180 }),
  pythonPeer({
    name: 'dwave-samplers',
    modules: ['dwave.samplers'],
    script: 'dwave_annealing.py',
    passSecondsMax: 120,
  }),
  pythonPeer({ name: 'numpy', modules: ['numpy'], script: 'numpy_gibbs.py', passSecondsMax: 120 }),
  ferrotherm(),
  pythonPeer({
    name: 'onnxruntime',
    modules: ['onnxruntime', 'onnx'],
    script: 'onnxruntime_convolutions.py',
    passSecondsMax: 60,
  }),
];
