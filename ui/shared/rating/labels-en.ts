/**
 * English for the labels of the national dictionary (DOMAIN.md §2), by code. The dictionary itself stays as the
 * nation wrote it; a code of a later version that is not here is shown in Chinese.
 * Each fits two lines of its tag: at most 46 characters.
 */
const english: Record<string, string> = {
  '510': 'One window, one visit, all done',
  '511': 'Accepted first, papers could follow',
  '512': 'No certificates to hand in',
  '513': 'Can be done online from start to end',
  '514': 'Can be done on a mobile phone',
  '515': 'Can be done close to home',
  '516': 'Done directly, no papers needed',
  '517': 'Warm and efficient service',

  '406': 'One form was enough to apply',
  '407': 'Papers sent online, checked at the window',
  '408': 'One list named every paper needed',
  '409': 'A signed promise replaced some papers',
  '410': 'Can be booked online',
  '411': 'All done in one trip to the hall',
  '412': 'Can be done at a self-service machine',
  '413': 'Good attitude',

  '307': 'Told once of everything to be corrected',
  '308': 'Samples of the papers were provided',
  '309': 'Done within the promised time',
  '310': 'The guide was accurate',
  '311': 'The papers in the guide were enough',
  '312': 'Can be delivered by courier',
  '313': 'As many trips as promised',
  '314': 'Average attitude',

  '207': 'No samples of the papers',
  '208': 'No list of the papers',
  '209': 'Not done within the promised time',
  '210': 'Same proof asked for more than once',
  '211': 'Promised online, but not possible online',
  '212': 'Booked online, but had to queue again here',
  '213': 'Staff did not know the work well',
  '214': 'Curt attitude',

  '108': 'New conditions beyond the guide',
  '109': 'Papers demanded beyond the guide',
  '110': 'Past the legal time without a reason',
  '111': 'The samples in the guide were wrong',
  '112': 'Papers promised to be taken online were not',
  '113': 'Sent between several windows and offices',
  '114': 'Number of trips not as promised',
  '115': 'Poor attitude and slow service',
}

/** The label in English, or null where this version has none. */
export function labelInEnglish(code: string): string | null {
  return english[code] ?? null
}
