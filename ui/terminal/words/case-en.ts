import type { caseWordsZh } from './case-zh.ts'

export const caseWordsEn: typeof caseWordsZh = {
  number: (caseNo) => `Case no. ${caseNo}`,
  applicant: (name) => `Applicant ${name}`,
  kind: { immediate: 'Done at once', promised: 'Promised time', joint: 'Several offices' },
  byReceipt:
    'By receipt you can see progress and print receipts and notices; results need the applicant’s ID card.',
  byReceiptCard:
    'By receipt you can see progress and print receipts and notices. To see the result, the applicant lays the ID card on the reader now.',
  cardExpired:
    'Your ID card is past its date. You can still see progress and print papers; whether proofs are made and results handed over is for the hall to decide. Please renew the card soon.',

  collectAt: 'Collect at: ',
  collectNeeds: 'Bring: ',
  missingCount: (count) => (count === 1 ? '1 paper missing' : `${count} papers missing`),
  overdueBadge: 'Overdue',

  limits: 'Time limit',
  statutory: (days) => `By law ${days}`,
  promisedBy: (day) => `Promised by ${day}`,
  runsSince: (day) => `Counted since ${day}`,
  daysLeft: (days) => `${days} left`,
  lastDay: 'today is the last day',
  provisional: 'provisional: next year’s holidays are not published yet, so the day may move',
  standsStill: {
    received: 'Counted from the day of acceptance',
    supplement: 'Counted from the day on which all papers are there',
    'special-procedure':
      'In a special procedure (a hearing, inspection, test or expert opinion): these days do not count',
    other: 'The clock stands still now',
  },
  overdue: (day) => `The promised ${day} has passed`,
  mustAct: (who) => `It is now up to ${who}`,
  consented: (day) => `Consent by silence: since ${day} this counts as agreed. Please tell the contact so.`,

  steps: 'Steps',
  doneAt: (day, time) => `${day}, ${time}`,
  current: 'In progress',
  yourTurn: 'Waiting for you',
  toCome: 'To come',
  missing: 'Papers missing',
  reasons: 'Reasons',
  remedy: 'What you can do',
  collect: 'Collecting',
  taken: 'Collected',
  takenFrom: 'Noted as collected from: ',
  notTaken: 'If you did not get it, or somebody else did, please ask the contact below at once.',
  contact: 'Contact',
  contactLine: (name, window, phone) => `${name}, ${window}, phone ${phone}`,

  papers: 'Papers to print',
  noPapers: 'There is no paper of this case to print here now',
  pages: (pages) => (pages === 1 ? '1 page' : `${pages} pages`),
  onA4: 'A4 paper',
  onReceipt: 'Receipt paper',
  paperKinds: {
    receipt: 'Receipt',
    acceptance: 'Notice of acceptance',
    supplement: 'Notice of missing papers',
    return: 'Notice of return',
    'not-accepted': 'Notice of non-acceptance',
    result: 'Result',
  },
}
