/** Pictures of screens side by side in one page, for eyes. */

/** A quarter of the terminal's panel: words can still be read, and eight screens stand in a row. */
export const SHOWN_WIDTH_PX = 270
export const SHEET_GAP_PX = 16

export interface Screen {
  name: string
  /** As they are called in the folder of the sheet. */
  pictures: string[]
}

/** @param shown how wide or high each picture is drawn, in CSS */
export const sheetHtml = (
  title: string,
  screens: readonly Screen[],
  shown: string,
): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${title}</title>
<style>
body { display: flex; flex-wrap: wrap; gap: ${SHEET_GAP_PX}px; margin: ${SHEET_GAP_PX}px; background: #7c8796; font: 15px sans-serif; }
figure { margin: 0; }
figcaption { padding: 4px 0; color: #fff; }
img { ${shown}; margin-right: 4px; vertical-align: top; }
</style>
${screens.map(figure).join('\n')}
</html>
`

const figure = ({ name, pictures }: Screen): string =>
  `<figure>${pictures.map((one) => `<img src="${one}" alt="">`).join('')}<figcaption>${name}</figcaption></figure>`
