import type { printWordsZh } from './print-zh.ts'

export const printWordsEn: typeof printWordsZh = {
  preparing: 'Getting ready',
  sending: 'Printing',
  pages: (pages) => (pages === 1 ? '1 page' : `${pages} pages`),
  comesOut: {
    a4: 'The paper comes out of the lower tray',
    receipt: 'The slip comes out below the screen',
  },
  papers: {
    guide: 'Guide',
    receipt: 'Receipt',
    acceptance: 'Notice of acceptance',
    supplement: 'Notice of missing material',
    return: 'Notice of return',
    'not-accepted': 'Notice of non-acceptance',
    result: 'Result',
    'queue-ticket': 'Your number',
    'pickup-slip': 'Pickup slip',
    'feedback-slip': 'Slip of what you said',
  },
  waitForIt: 'Please wait until it is done',
  stages: { preparing: 'Prepare', sending: 'Print' },

  confirmed: 'Printed',
  confirmedHint: {
    a4: 'Please take it from the lower tray',
    receipt: 'Please take it from the receipt slot',
  },
  probable: 'It should be printed',
  probableHint: {
    a4: 'Please look at the lower tray and take your papers',
    receipt: 'Please look at the receipt slot and take your slip',
  },
  unknown: 'Please check the tray',
  unknownHint:
    'The printer did not say for certain. The paper may have come out or not. The machine does not print it again by itself, so that nothing comes twice.',
  failed: 'It was not printed',
  reasons: {
    'paper-out': 'The printer is out of paper.',
    'cover-open': 'The printer’s cover is not closed.',
    cutter: 'The printer’s knife is stuck.',
    mechanical: 'The printer is jammed.',
    offline: 'The printer is offline.',
    'cannot-open': 'The printer cannot be reached.',
    'no-answer': 'The printer does not answer.',
    'line-lost': 'The cable to the printer is broken.',
    'bad-frames': 'The printer’s answers cannot be understood.',
    folder: 'The pages cannot be stored.',
    'supplies-empty': 'The printer is out of toner or ink.',
    'missing-library': 'The printer’s program is not installed.',
  },
  otherReason: 'The printer is out of order.',
  failedWhatToDo: 'You may try again later, or have it printed at the window below.',
  nothingCameOut: 'Nothing came out',
  nothingTitle: 'Noted: nothing came out',
  nothingRetry: 'You may print it once more. It is printed this one time only, never twice.',
  nothingNoRetry:
    'This paper is not printed again here; please collect it at the window below. It has been noted, somebody will check this machine.',
  again: 'Print once more',
}
