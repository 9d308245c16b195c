import type { Words } from './zh.ts'

export const en: Words = {
  preferences: 'Display',
  largeType: 'Large text',
  highContrast: 'High contrast',
  reach: 'Low reach',
  sound: 'Voice',
  otherLanguage: '中文',
  starting: 'Starting',
  startingHint: 'One moment, please',
  notAnswering: 'This machine is not answering',
  notAnsweringHint:
    'Connecting again, please wait. If it takes too long, use the machine beside it or a staffed window.',
  cannotKeep: 'Nothing can be written down right now',
  cannotKeepHint:
    'What you were thanked for is safe; an answer you had touched may still count. Please use the machine beside it or a staffed window.',
  callForHelp: (phone) => `For help, call ${phone}`,
  previousPage: 'Previous page',
  nextPage: 'Next page',
  pageOf: (page, pages) => `Page ${page} of ${pages}`,
}
