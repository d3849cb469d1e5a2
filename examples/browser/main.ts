/** The page: what is drawn or chosen goes to the machine, what it answers is shown. */
import { AnswerView } from './answer-view.ts';
import { findDevices } from './devices.ts';
import { DigitReader, type Sampling } from './digit-reader.ts';
import { DrawingPad } from './drawing-pad.ts';
import { byId, type Choice, choices, describe } from './elements.ts';
import { blockIds, compileDigits } from './program.ts';
import { testImage, testImageCount } from './test-images.ts';

const samplings: readonly Choice<Sampling>[] = [
  {
    value: { readout: 'conditional-sum', sweeps: 8 },
    label: '8 sweeps of means',
    note: 'sums what every spin would do on average given its neighbours',
    absent: false,
  },
  {
    value: { readout: 'spin-sum', sweeps: 187 },
    label: '187 sweeps of spins',
    note: 'counts what the spins do: the way of the paper',
    absent: false,
  },
];

const status = byId('status', HTMLElement);
const caption = byId('caption', HTMLElement);
const imageNumber = byId('image', HTMLInputElement);

/** One thing after another: a machine reads one image at a time here. */
let turn: Promise<void> = Promise.resolve();
let reader: DigitReader | undefined;
let pixels: Uint8Array | undefined;
let sampling = samplings[0]?.value ?? { readout: 'conditional-sum', sweeps: 8 };
let seed = 0n;

/** Does `work` when its turn comes; what it throws is shown. */
function inTurn(text: string, work: () => Promise<void>): void {
  turn = turn.then(async () => {
    document.body.dataset.state = 'busy';
    status.textContent = text;
    try {
      await work();
      document.body.dataset.state = 'ready';
      status.textContent = '';
    } catch (e) {
      document.body.dataset.state = 'failed';
      status.textContent = e instanceof Error ? e.message : String(e);
    }
  });
}

inTurn('Compiling the network…', async () => {
  const { program, report } = await compileDigits();
  const answer = new AnswerView(blockIds(program));
  const { freeSpins, pinnedSpins, couplings } = report.totals;
  describe(byId('sizes', HTMLElement), {
    network: `${program.json.name}, compiled here`,
    spins: `${freeSpins.toLocaleString('en')} sampled, ${pinnedSpins.toLocaleString('en')} pinned to the image`,
    couplings: couplings.actual.toLocaleString('en'),
  });
  const { backends, devices } = await findDevices();

  const read = (): void => {
    inTurn('Sampling…', async () => {
      if (pixels === undefined || reader === undefined) return;
      answer.clear();
      seed += 1n;
      const reading = await reader.read(pixels, { ...sampling, seed, onProgress: (done) => answer.progress(done) });
      answer.answer(reading, reader.device.uri);
    });
  };
  const open = (uri: string): void => {
    inTurn(`Loading the program onto ${uri}…`, async () => {
      const before = reader;
      reader = undefined;
      await before?.close();
      reader = await DigitReader.open(program, uri, backends);
    });
    read();
  };
  const show = (index: number): void => {
    inTurn('Fetching the test images…', async () => {
      const image = await testImage(index);
      pad.show(image.pixels);
      pixels = image.pixels;
      imageNumber.value = String(index);
      caption.textContent = `Test image ${index.toLocaleString('en')}, which shows a ${image.label}.`;
    });
    read();
  };
  const clear = (): void => {
    pad.clear();
    pixels = undefined;
    caption.textContent = 'Draw a digit from 0 to 9.';
  };
  const pad = new DrawingPad(byId('pad', HTMLCanvasElement), {
    // A drawing begins on an empty pad, not on a test image.
    onStart: () => {
      if (imageNumber.value !== '') clear();
      imageNumber.value = '';
      caption.textContent = 'What you draw.';
    },
    onStroke: () => {
      pixels = pad.image();
      read();
    },
  });

  byId('clear', HTMLButtonElement).addEventListener('click', () => {
    imageNumber.value = '';
    clear();
    answer.clear();
  });
  byId('random', HTMLButtonElement).addEventListener('click', () => show(Math.floor(Math.random() * testImageCount)));
  byId('again', HTMLButtonElement).addEventListener('click', read);
  imageNumber.addEventListener('change', () => {
    if (imageNumber.value !== '' && imageNumber.reportValidity()) show(imageNumber.valueAsNumber);
  });
  const first = devices.find(({ available }) => available)?.uri ?? 'cpu';
  choices(byId('devices', HTMLElement), {
    of: devices.map((device) => ({
      value: device.uri,
      label: device.uri,
      note: device.available ? device.label : `not available: ${device.reason}`,
      absent: !device.available,
    })),
    first,
    chosen: open,
  });
  choices(byId('samplings', HTMLElement), {
    of: samplings,
    first: sampling,
    chosen: (chosen) => {
      sampling = chosen;
      read();
    },
  });
  open(first);
});
