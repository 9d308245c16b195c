import type { pickupWordsZh } from './pickup-zh.ts'

export const pickupWordsEn: typeof pickupWordsZh = {
  open: 'Collect it',
  waits: 'Your result is ready',
  where: 'Where',
  needs: 'What to bring',
  hours: 'When',
  openNow: 'Open now',
  opensAt: (when) => `Open from ${when}`,
  dayAndNight: 'Day and night',
  byStaff: 'Staff at the window hand it to you',
  collect: 'Open the locker now',
  collectOnce: 'It opens once: touch when you stand beside it',
  slip: 'Print where to go',
  problem: {
    'card-needed':
      'This result is given for the applicant’s own ID card. Please lay the card on the reader and touch “Open the locker now” again.',
    'other-person': 'This ID card is not the applicant’s. Please use the applicant’s own card.',
    'unreadable-card': 'The ID card could not be read. Lift it and lay it flat once more.',
    'card-number-wrong':
      'The number read from this card is not right. Wipe the card and lay it flat once more; if it happens again, please have it looked at at a window.',
  },
  withCard: (name) => `The card of ${name} is read: please touch “Open the locker now”`,
  cardExpired: 'The card is past its date: whether it is enough is for the hall to decide',

  collected: 'Yours to take',
  collectedAt: (where) => `Please go to: ${where}`,
  noted: (when) => `Noted as collected ${when}`,
  slipState: {
    none: 'The slip cannot be printed: please remember the place above',
    printing: 'The slip is being printed',
    held: 'The slip printer has stopped. No need to wait: please remember the place above',
    confirmed: 'The slip is out: please take it',
    probable: 'Please take the slip; you can collect without it too',
    unknown: 'The slip may not have come out: please remember the place above',
    failed: 'The slip did not come out: please remember the place above',
  },

  refusedTitle: 'Not to be collected now',
  refused: {
    'card-needed': 'This result is given for the applicant’s own ID card',
    'other-person': 'This ID card is not the applicant’s',
    'already-collected':
      'The hall has this result as collected. If you did not get it, or somebody else did, please ask at the window at once',
    'nothing-here': 'There is no result of this case to collect. Please ask at the window',
    other: 'The hall did not agree',
  },
  hallSays: 'The hall says',
  unknownTitle: 'Not sure whether it was noted',
  unknownText:
    'The line broke off for a moment: it may have been noted as collected. Asking again is the same collection, never a second one.',
  askAgain: 'Ask again',
}
