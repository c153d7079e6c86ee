// Shows times in the reader's own zone, by Slack's date tokens (docs.slack.dev: formatting message
// text, "Date formatting").

const DAY = 86_400_000;
const PARTS = {
  date_slash: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  date_long_full: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit", hour12: false },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false },
};

// Made once: making one takes longer than all that is done with it.
const WRITERS = Object.fromEntries(
  Object.entries(PARTS).map(([name, parts]) => [name, new Intl.DateTimeFormat("en", parts)]),
);

function midnight(moment) {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
}

// "today", "yesterday" or "tomorrow", or null for any other day.
function near(moment, now) {
  const days = Math.round((midnight(moment) - midnight(now)) / DAY);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days] ?? null;
}

export function formatted(moment, format, now = new Date()) {
  return format.replace(/\{(\w+)\}/g, (token, name) => {
    const bare = name.replace(/_pretty$/, "");
    if (bare === "date_num") return new Intl.DateTimeFormat("en-CA").format(moment);
    if (!Object.hasOwn(WRITERS, bare)) return token;
    const pretty = bare !== name ? near(moment, now) : null;
    return pretty ?? WRITERS[bare].format(moment);
  });
}

export function localize(root) {
  for (const time of root.querySelectorAll("time.local")) {
    const text = formatted(new Date(time.dateTime), time.dataset.format);
    if (time.textContent !== text) time.textContent = text;
  }
}
