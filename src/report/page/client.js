/*
 * Runs in the page: draws its figures to be zoomed and panned, in the reader's theme. Where it does not run, their pictures
 * stay.
 */
const dark = matchMedia('(prefers-color-scheme: dark)')
const figures = [...document.querySelectorAll('figure[data-spec]')].map((element) => ({ element, view: undefined }))

/** The figure's specification, which the page has as a file to be saved, with what to change in it for the theme. */
function specOf(element) {
  const { spec: name, light, dark: darkened } = element.dataset
  const [, text] = document.querySelector(`a[download="${name}"]`).href.split(',')
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  const spec = JSON.parse(new TextDecoder().decode(bytes))
  for (const [path, value] of JSON.parse(dark.matches ? darkened : light)) {
    let place = spec
    for (const key of path.slice(0, -1)) place = place[key]
    place[path.at(-1)] = value
  }
  return spec
}

async function draw(figure) {
  const { element } = figure
  figure.view?.finalize()
  figure.view = await vegaEmbed(element.querySelector('.view'), specOf(element), {
    actions: false,
    // Without making code of text, which the page does not allow.
    ast: true,
    defaultStyle: false,
    renderer: 'svg',
    tooltip: { theme: dark.matches ? 'dark' : 'light' },
  })
  element.classList.add('drawn')
}

async function drawAll() {
  for (const figure of figures) await draw(figure)
}

dark.addEventListener('change', drawAll)
drawAll()
