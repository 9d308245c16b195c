import type { caseWordsZh } from './case-zh.ts'

export const caseWordsEn: typeof caseWordsZh = {
  number: (caseNo) => `Case no. ${caseNo}`,
  applicant: (name) => `Applicant ${name}`,
  kind: { immediate: 'Done at once', promised: 'Promised time', joint: 'Several offices' },
  byReceipt: 'By receipt you can see progress and print receipts and notices; results need the ID card.',

  collectAt: (where) => `Collect at: ${where}`,
  collectNeeds: (needs) => `Bring: ${needs}`,
  missingCount: (count) => (count === 1 ? '1 paper missing' : `${count} papers missing`),
  overdueBadge: 'Overdue',

  limits: 'Time limit',
  statutory: (days) => `By law ${days}`,
  promisedBy: (day) => `Promised by ${day}`,
  runsSince: (day) => `Counted since ${day}`,
  standsStill: 'The clock stands still now',
  overdue: (day) => `The promised ${day} has passed`,
  mustAct: (who) => `It is up to ${who}`,

  steps: 'Steps',
  doneAt: (day, time) => `${day}, ${time}`,
  current: 'In progress',
  yourTurn: 'Waiting for you',
  toCome: 'To come',
  missing: 'Papers missing',
  reasons: 'Reasons',
  remedy: 'What you can do',
  collect: 'Collecting',
  contact: 'Contact',
  contactLine: (name, window, phone) => `${name}, ${window}, phone ${phone}`,

  papers: 'Papers to print',
  noPapers: 'There is no paper of this case to print here now',
  pages: (pages) => (pages === 1 ? '1 page' : `${pages} pages`),
  onA4: 'A4 paper',
  onReceipt: 'Receipt paper',
  notPrintable: 'Cannot be printed now, please ask at the window',
  paperKinds: {
    receipt: 'Receipt',
    acceptance: 'Notice of acceptance',
    supplement: 'Notice of missing papers',
    return: 'Notice of return',
    'not-accepted': 'Notice of non-acceptance',
    result: 'Result',
  },
}
