import { caseWordsEn } from './case-en.ts'
import { feedbackWordsEn } from './feedback-en.ts'
import { guideWordsEn } from './guide-en.ts'
import { paperWordsEn } from './paper-en.ts'
import { pickupWordsEn } from './pickup-en.ts'
import { printWordsEn } from './print-en.ts'
import { ratingWordsEn } from './rating-en.ts'
import { ticketWordsEn } from './ticket-en.ts'
import type { Words } from './zh.ts'

export const en: Words = {
  // Everywhere
  back: 'Back',
  end: 'Finish',
  backHome: 'Do something else',
  needHelp: 'Need a person?',
  understood: 'OK',
  windowsOf: (windows) => (/\D/.test(windows) ? `Windows ${windows}` : `Window ${windows}`),
  windowHours: 'Opening hours',
  phone: 'Phone',

  // Rest
  nightGreeting: ['The windows are closed,', 'this one stays lit'],
  dayGreeting: ['Hello,', 'you can do it all here'],
  touchToBegin: 'Touch the screen to begin',
  cardOrCode: 'Lay down your ID card, or scan your receipt',
  cardOnly: 'Or lay down your ID card right away',
  codeOnly: 'Or scan your receipt right away',

  // Not enrolled
  notEnrolled: 'Not in service yet',
  notEnrolledHint: 'This machine is not connected to the hall yet and cannot serve you.',
  notEnrolledWhat: 'Please use the machine beside it or a staffed window.',
  notEnrolledCall: 'Government service hotline',

  // Home
  services: {
    guides: { name: 'Guides', hint: 'What you need, to print' },
    'my-papers': { name: 'My papers', hint: 'Cases and notices, by ID card' },
    pickup: { name: 'Pick-up', hint: 'Receipt in hand: see where' },
    progress: { name: 'Progress', hint: 'Which step, ready when' },
    ticket: { name: 'Ticket', hint: 'Take a queue number' },
    feedback: { name: 'Feedback', hint: 'Ratings and complaints' },
  },
  unavailable: {
    'line-down': 'No connection now',
    'reader-down': 'Card reader is down',
    'scanner-down': 'Scanner is down',
    'no-content': 'Being updated',
    'not-offered': 'At a staffed window',
  },
  unavailableWhy: {
    'line-down':
      'The line between this machine and the hall is down, so cases cannot be looked up. This tile lights up again as soon as the line is back.',
    'reader-down': 'The card reader is not answering, so ID cards cannot be read at the moment.',
    'scanner-down': 'The scanner is not answering, so barcodes cannot be read at the moment.',
    'no-content': 'The hall’s guides have not reached this machine yet. It usually takes a few minutes.',
    'not-offered': 'This machine does not offer this service. The staff at the window can help you.',
  },
  listSeparator: ', ',
  stillWorks: (services) => `Still available: ${services}`,
  whereInstead: 'Where to go instead',

  // Waiting for card or code
  present: {
    'my-papers': 'Please lay down your ID card',
    pickup: 'Please show your receipt',
    progress: 'Please show your receipt or ID card',
  },
  presentHint: {
    'my-papers': 'Your papers appear as soon as it is read',
    pickup: 'Your receipt or ID card tells where to collect',
    progress: 'Your receipt or ID card tells how far your case is',
  },
  presentCard: 'Lay the ID card flat on the reader',
  presentCode: 'Hold the barcode to the scanner',
  presentNothing: {
    'my-papers':
      'The card reader is out of order, so ID cards cannot be read. Please ask at a staffed window; with a receipt, scan it from the first page.',
    pickup: 'Neither the card reader nor the scanner is working. Please ask at a staffed window.',
    progress: 'Neither the card reader nor the scanner is working. Please ask at a staffed window.',
  },
  waitingFor: {
    card: 'Waiting for your ID card',
    code: 'Waiting for your barcode',
    both: 'Waiting for your ID card or barcode',
    none: '',
  },
  problem: {
    'unreadable-card':
      'This card could not be read. Lift it and lay it flat once more; it has to be a resident ID card.',
    'card-number-wrong':
      'The number read from this card is not right. Wipe the card and lay it flat once more; if it happens again, please have it looked at at a window.',
    'code-too-long':
      'This code is too long for a receipt. Please scan the barcode at the foot of your receipt.',
    'code-not-text': 'This code could not be read. Flatten the receipt and scan it once more.',
  },
  lookingUp: 'Looking up',
  lookingUpHint: {
    card: 'Your ID card has been read, you may take it back',
    code: 'Your barcode has been read, you may put it away',
  },
  lookingUpFor: 'Asking the hall for your cases',

  awaited: {
    proof: { title: 'Being issued', text: 'The issuing office is making your certificate' },
    document: { title: 'Fetching', text: 'Your document is coming from the hall' },
    pickup: { title: 'Recording', text: 'The hall is noting that you collect it' },
    queue: { title: 'One moment', text: 'Looking how many people are waiting' },
    ticket: { title: 'One moment', text: 'The hall is giving you a number' },
    case: { title: 'Looking it up', text: 'Asking the hall for the matter you want to rate' },
    keeping: { title: 'Saving', text: 'What you said is being written down in this machine' },
  },

  // Dead ends
  deadEnds: {
    'case-not-found': {
      title: 'No such case here',
      text: 'This barcode is not a case of this hall. Please check whether the receipt is from another place.',
    },
    'no-cases': {
      title: 'No cases found for you',
      text: 'This hall has no open case and nothing to collect under this ID card.',
    },
    'line-down': {
      title: 'The hall cannot be reached now',
      text: 'The line is down, and this has to wait until it is back. The guides need no line: you can read and print them.',
    },
    'hall-trouble': {
      title: 'The hall’s system is in trouble',
      text: 'The hall was reached but gave no answer. Please try again in a few minutes.',
    },
    'too-many-searches': {
      title: 'Too many searches',
      text: 'To protect everybody’s data, searches are limited per hour at this machine. Please come back later, or ask at a window.',
    },
  },

  // Idle and end
  idleTitle: 'Are you still there?',
  idleText: (seconds) => `In ${seconds} s this page closes and is wiped`,
  stillHere: 'More time',
  ending: 'Please take your things',
  endingCard: 'Your ID card is still on the reader',
  endingPaper: 'Take printed papers from the tray',
  endingCleared: 'Your data have been removed from this machine',

  // Guides
  guidesOf: (count) => `${count === 1 ? '1 guide' : `${count} guides`} to read here or to print`,
  lifeEvents: {
    birth: 'Birth',
    education: 'School',
    work: 'Work',
    marriage: 'Marriage',
    home: 'Housing',
    business: 'Business',
    tax: 'Taxes',
    health: 'Health care',
    moving: 'Residence',
    travel: 'Travel and driving',
    retirement: 'Retirement',
    support: 'Support',
    farewell: 'Bereavement',
  },
  count: (count) => (count === 1 ? '1 item' : `${count} items`),
  noGuides: 'There is no guide of this kind now. Please look at another kind, or ask at a window.',

  guide: guideWordsEn,
  case: caseWordsEn,
  print: printWordsEn,
  paper: paperWordsEn,
  pickup: pickupWordsEn,
  ticket: ticketWordsEn,
  rating: ratingWordsEn,
  feedback: feedbackWordsEn,

  // Papers
  hello: (name) => `Hello, ${name}`,
  casesInAll: (count) =>
    count === 1 ? 'There is 1 case in your name' : `There are ${count} cases in your name`,
  casesToFetch: (count) => `${count} to collect`,
  casesToSupplement: (count) => `${count} with papers missing`,
  noCases: 'There are no cases of yours here',
  listOfCases: 'My cases',
  caseState: {
    received: 'Handed in, not yet accepted',
    supplement: 'Papers missing',
    accepted: 'Accepted',
    'in-review': 'In review',
    'special-procedure': 'Special procedure',
    returned: 'Returned',
    'not-accepted': 'Not accepted',
    approved: 'Approved, result on its way',
    refused: 'Refused',
    ready: 'Ready to collect',
    collected: 'Collected',
    withdrawn: 'Withdrawn',
  },
}
