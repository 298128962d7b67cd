// Verifies a credential in the browser: Ed25519 by WebCrypto, the status list unpacked by the browser itself.
// The order is that of `ocop verify`: signature, an end by an act, dates, and only then whether the list still holds.
"use strict";

const KEPT = "ocop-verify";
const WORDS = {
  valid: ["Còn hiệu lực", "Chữ ký đúng, chứng nhận còn hiệu lực theo danh sách trạng thái đã lưu.", "Valid: the signature is right and the certificate is in force by the saved status list."],
  notYet: ["Chưa có hiệu lực", "Chữ ký đúng, chứng nhận chưa có hiệu lực.", "Not in force yet; the signature is right."],
  expired: ["Đã hết hạn", "Chữ ký đúng, chứng nhận đã hết hạn.", "Expired; the signature is right."],
  revoked: ["Đã bị thu hồi", "Chữ ký đúng, nhưng chứng nhận đã bị thu hồi.", "Revoked; the signature is right."],
  withdrawn: ["Công nhận đã bị thu hồi", "Chữ ký đúng, nhưng quyết định công nhận đã bị thu hồi.", "Withdrawn; the signature is right."],
  superseded: ["Đã có chứng nhận mới", "Chữ ký đúng, nhưng sản phẩm đã có chứng nhận mới.", "Replaced by a new certificate; the signature is right."],
  statusUnknown: ["Trạng thái không rõ", "Chữ ký đúng, nhưng danh sách trạng thái đã lưu không còn hiệu lực hoặc chưa có.", "Status unknown: the signature is right, but no status list that still holds is saved."],
  forged: ["Bị sửa hoặc giả mạo", "Chữ ký không khớp với nội dung.", "Forged or changed: the signature does not match."],
  unknownKey: ["Không biết khóa đã ký", "Không phải của cơ quan này, hoặc cần tải lại khóa.", "Unknown key: not of this issuer, or the saved keys are too old."],
  unreadable: ["Không đọc được", "Không phải chứng nhận OCOP điện tử.", "Unreadable: this is not an OCOP credential."],
};
const MESSAGES = [null, "revoked", "withdrawn", "superseded"];
const at = (id) => document.getElementById(id);

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const json = (part) => JSON.parse(new TextDecoder().decode(bytes(part)));

function parts(token) {
  const [head, payload, signature, ...rest] = token.split(".");
  if (!signature || rest.length) return null;
  try {
    const read = { head: json(head), payload: json(payload), signed: `${head}.${payload}`, signature };
    if (read.head.alg !== "EdDSA" || read.head.crit || !read.head.kid) return null;
    return { ...read, kid: read.head.kid.split("#").pop() };
  } catch {
    return null;
  }
}

async function signature(read, keys) {
  const jwk = keys.find((k) => k.kid === read.kid);
  if (!jwk) return "unknownKey";
  const key = await crypto.subtle.importKey("jwk", { kty: "OKP", crv: "Ed25519", x: jwk.x }, { name: "Ed25519" }, false, ["verify"]);
  const right = await crypto.subtle.verify("Ed25519", key, bytes(read.signature), new TextEncoder().encode(read.signed));
  return right ? "right" : "forged";
}

async function valueAt(encoded, index) {
  const stream = new Blob([bytes(encoded.slice(1))]).stream().pipeThrough(new DecompressionStream("gzip"));
  const list = new Uint8Array(await new Response(stream).arrayBuffer());
  const bit = (n) => (list[n >> 3] >> (7 - (n & 7))) & 1;
  return index * 2 + 1 < list.length * 8 ? bit(index * 2) * 2 + bit(index * 2 + 1) : null;
}

function said(claims) {
  const subject = claims.credentialSubject;
  if (subject) {
    const entry = claims.credentialStatus?.find((e) => e.statusPurpose === "message");
    if (!entry) return null;
    return {
      number: subject.certificateNumber, stars: subject.stars, product: subject.productName,
      producer: subject.producer?.producerName, from: claims.validFrom.slice(0, 10), through: claims.validUntil.slice(0, 10),
      list: Number(entry.statusListCredential.split("/").pop()), index: Number(entry.statusListIndex),
    };
  }
  if (!claims.n) return null;
  return { number: claims.n, stars: claims.s, product: claims.p, producer: claims.c, from: claims.f, through: claims.u, list: claims.l, index: claims.i };
}

// The civil day in Việt Nam, which keeps one offset the whole year.
const today = () => new Date(Date.now() + 7 * 3600e3).toISOString().slice(0, 10);

async function check(text, saved) {
  const read = parts(text.trim().split("#").pop());
  if (!read) return { verdict: "unreadable" };
  const found = await signature(read, saved.keys);
  if (found !== "right") return { verdict: found };
  const facts = said(read.payload);
  if (!facts) return { verdict: "unreadable" };
  const list = parts(saved.lists[facts.list] ?? "");
  const trusted = list && (await signature(list, saved.keys)) === "right";
  const value = trusted ? await valueAt(list.payload.credentialSubject.encodedList, facts.index) : null;
  const until = trusted ? list.payload.validUntil : null;
  const fresh = until && Date.now() < Date.parse(until);
  const ended = value ? MESSAGES[value] : null;
  const day = today();
  let verdict = "statusUnknown";
  if (ended) verdict = ended;
  else if (day > facts.through) verdict = "expired";
  else if (day < facts.from) verdict = "notYet";
  else if (value === 0 && fresh) verdict = "valid";
  return { verdict, facts, since: verdict === "statusUnknown" ? until : null };
}

function load() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? { keys: [], lists: {} };
  } catch {
    return { keys: [], lists: {} };
  }
}

async function refresh() {
  const get = async (path) => {
    const answer = await fetch(path, { cache: "no-cache" });
    if (!answer.ok) throw new Error(path);
    return answer;
  };
  const did = await (await get("/.well-known/did.json")).json();
  const overview = await (await get("/v1/credentials/status")).json();
  const lists = {};
  for (const address of overview.lists.message) {
    lists[address.split("/").pop()] = await (await get(new URL(address).pathname)).text();
  }
  const saved = { keys: did.verificationMethod.map((m) => m.publicKeyJwk), lists, at: new Date().toISOString() };
  localStorage.setItem(KEPT, JSON.stringify(saved));
  return saved;
}

function tellSaved(saved, offline) {
  const holds = Object.values(saved.lists).map((l) => parts(l)?.payload.validUntil).filter(Boolean).sort()[0];
  at("saved").textContent = saved.at
    ? `${offline ? "Không có mạng · Offline. " : ""}Đã lưu ${saved.keys.length} khóa; danh sách dùng được đến ${holds ?? "?"} · ${saved.keys.length} keys saved; lists hold until ${holds ?? "?"}`
    : "Chưa lưu khóa nào: hãy mở trang này một lần khi có mạng · Nothing is saved: open this page once with a connection";
}

function show(result) {
  const [head, vi, en] = WORDS[result.verdict];
  const box = at("verdict");
  box.className = result.verdict;
  box.hidden = false;
  box.querySelector("h2").textContent = head;
  const [first, second] = box.querySelectorAll("p");
  first.textContent = result.since ? `${vi} Không rõ từ ${result.since}.` : vi;
  second.textContent = result.since ? `${en} Unknown since ${result.since}.` : en;
  const facts = at("facts");
  facts.replaceChildren();
  facts.hidden = !result.facts;
  const rows = result.facts
    ? [["Sản phẩm · Product", result.facts.product], ["Hạng · Stars", `${result.facts.stars} ★`], ["Chủ thể · Producer", result.facts.producer],
       ["Số giấy chứng nhận · Number", result.facts.number], ["Hiệu lực · Validity", `${result.facts.from} – ${result.facts.through}`]]
    : [];
  for (const [name, value] of rows) {
    const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
    dt.textContent = name;
    dd.textContent = value ?? "";
    facts.append(dt, dd);
  }
}

async function run() {
  try {
    show(await check(at("token").value, load()));
  } catch (error) {
    at("saved").textContent = `Trình duyệt không kiểm tra được · This browser cannot verify: ${error.message}`;
  }
}

async function renew() {
  try {
    tellSaved(await refresh(), false);
  } catch {
    tellSaved(load(), true);
  }
}

at("check").addEventListener("click", run);
at("refresh").addEventListener("click", renew);
renew().then(() => {
  if (location.hash.length > 1) {
    at("token").value = location.hash.slice(1);
    run();
  }
});
navigator.serviceWorker?.register("/verify/worker.js", { scope: "/verify" }).catch(() => {});
