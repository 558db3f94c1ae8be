-- Asks for each line of a file in turn ("path host cookie"), and says what came back as one line of JSON.
local asked, at = {}, 0
local threads = {}
wrong = 0

function setup(thread)
  table.insert(threads, thread)
  thread:set("number", #threads)
end

function init(arguments)
  for line in io.lines(arguments[1]) do
    local path, host, cookie = line:match("^(%S+) (%S+) (%S+)$")
    asked[#asked + 1] = wrk.format("GET", path, { Host = host, Cookie = cookie })
  end
  -- Threads begin at different readers.
  at = math.floor(#asked / 2) * (number - 1)
end

function request()
  at = at % #asked + 1
  return asked[at]
end

function response(status)
  if status ~= 200 then wrong = wrong + 1 end
end

function done(summary, latency)
  local bad = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  for _, thread in ipairs(threads) do bad = bad + thread:get("wrong") end
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "bytes": %d, "p50": %.3f, "p95": %.3f, "wrong": %d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, bad
  ))
end
