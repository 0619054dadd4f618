-- Pictures and the API's entries, as Quarto puts them on a page or into README.md; smalldocs does so by itself (`filters` in _quarto.yml).

local function read(path)
  local file = assert(io.open(path))
  local text = file:read('a')
  file:close()
  return text
end

-- Where the repository's files are, for who reads README.md without them
local function files()
  local settings = read('nbdev.yml')
  local repo, branch = settings:match('repo%-url: "https://github.com/(.-)"'), settings:match('repo%-branch: (%S+)')
  return 'https://raw.githubusercontent.com/' .. repo .. '/' .. branch .. '/'
end

-- A picture: its own text in HTML, where its words can be read, found and heard; elsewhere its title stands for it
function Image(img)
  if not img.src:match('%.svg$') then return nil end
  local svg = read(img.src)
  if quarto.doc.is_format('html') then return pandoc.RawInline('html', svg) end
  img.caption = pandoc.utils.blocks_to_inlines(pandoc.read(svg:match('<title>(.-)</title>'), 'html').blocks)
  if quarto.doc.is_format('gfm') then img.src = files() .. img.src end
  return img
end

-- Exported source, which nbdev has stand open, of a cell that says `#| folded: true`
local folded = {CodeBlock = function(code)
  code.attributes['code-fold'] = 'true'
  return code
end}

-- A cell that nbdev ran for the page has the times of that run as an attribute, so it stays in a box, and the headings in a box are not in the page's contents
function Div(div)
  if div.attributes['folded'] then div = div:walk(folded) end
  if not div.attributes['quarto-private-1'] then return div end
  div.attributes['quarto-private-1'] = nil
  for _, block in ipairs(div.content) do
    if block.t == 'Header' then return div.content end
  end
  return div
end
