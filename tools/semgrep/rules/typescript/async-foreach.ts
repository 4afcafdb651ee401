async function all(items: string[]) {
  // ruleid: async-foreach
  items.forEach(async (item) => {
    await upload(item);
  });
  // ruleid: async-foreach
  new Set(items).forEach(async (item) => await upload(item));
  // ruleid: async-foreach
  items.forEach(async function (item) {
    await upload(item);
  });
  // ok: async-foreach
  items.forEach((item) => seen.add(item));
  // ok: async-foreach
  await Promise.all(items.map(async (item) => upload(item)));
  // ok: async-foreach
  for (const item of items) await upload(item);
}
