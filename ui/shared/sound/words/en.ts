import type { SpokenKey } from './zh.ts'

export const en: Record<SpokenKey, string> = {
  'choose-service': 'Please choose what you came for.',
  'present-card': 'Please lay your ID card flat on the reader.',
  'present-code': 'Please hold the barcode of your receipt to the scanner.',
  'present-both': 'Please lay your ID card on the reader, or scan the barcode of your receipt.',
  'unreadable-card': 'The card could not be read. Please lift it and lay it down once more.',
  'unknown-code': 'This is not the barcode of a receipt. Please see the screen.',
  'card-read': 'Your card has been read, you can put it away. Looking it up, please wait.',
  'code-read': 'The barcode has been read. Looking it up, please wait.',
  'please-wait': 'Please wait a moment.',
  'not-found': 'Nothing was found. Please see the screen.',
  'line-down': 'The hall cannot be reached right now. Please see the screen.',
  'look-at-screen': 'Please see the screen.',

  printing: 'Printing, please wait.',
  'take-a4': 'Your papers are printed. Please take them from the tray.',
  'take-receipt': 'Your slip is printed. Please take it.',
  'check-tray': 'Please check the tray. Your papers may be there.',
  'print-failed': 'Printing did not work. Please see the screen.',

  'ticket-number': 'Your number is',
  'enter-number': 'Please enter the number on the screen.',
  'write-words': 'Please write on the screen, or choose from the words there.',
  'kept-safely': 'It is safely kept. Thank you.',

  'rate-service': 'How was the service today? Please choose on the screen.',
  thanks: 'Thank you.',

  'idle-warning': 'Are you still there? To go on, please touch the screen.',
  ending: 'Please take everything with you.',
  'ending-card': 'Please take your ID card.',
}
