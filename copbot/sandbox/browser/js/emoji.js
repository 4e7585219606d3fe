// Emoji by Slack's names. A few that apps lean on are drawn by us, because not every machine has them in a font.

import { h, svg } from "./nodes.js";

const NAMES = `
+1 👍 -1 👎 thumbsup 👍 thumbsdown 👎 wave 👋 clap 👏 raised_hands 🙌 pray 🙏 ok_hand 👌 muscle 💪
point_right 👉 point_left 👈 point_up ☝️ point_down 👇 v ✌️ handshake 🤝 writing_hand ✍️ eyes 👀
brain 🧠 heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜
black_heart 🖤 white_heart 🤍 broken_heart 💔 sparkling_heart 💖 smile 😄 smiley 😃 grinning 😀 grin 😁
joy 😂 rofl 🤣 slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉 blush 😊 innocent 😇 heart_eyes 😍
kissing_heart 😘 yum 😋 stuck_out_tongue 😛 thinking_face 🤔 neutral_face 😐 expressionless 😑
no_mouth 😶 smirk 😏 unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔 sleepy 😪
sleeping 😴 mask 😷 sunglasses 😎 confused 😕 worried 😟 slightly_frowning_face 🙁 open_mouth 😮
astonished 😲 flushed 😳 cry 😢 sob 😭 scream 😱 disappointed 😞 sweat 😓 sweat_smile 😅 weary 😩
tired_face 😫 angry 😠 rage 😡 exploding_head 🤯 partying_face 🥳 hugging_face 🤗 shrug 🤷 facepalm 🤦
raised_hand ✋ hand ✋ ok 🆗 new 🆕 free 🆓 up 🆙 cool 🆒 sos 🆘 tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁
trophy 🏆 medal 🏅 star ⭐ star2 🌟 sparkles ✨ zap ⚡ fire 🔥 boom 💥 rainbow 🌈 sunny ☀️ cloud ☁️
umbrella ☂️ snowflake ❄️ droplet 💧 ocean 🌊 seedling 🌱 herb 🌿 four_leaf_clover 🍀 evergreen_tree 🌲
deciduous_tree 🌳 sunflower 🌻 rose 🌹 tulip 🌷 maple_leaf 🍁 bee 🐝 bug 🐛 butterfly 🦋 bird 🐦 cat 🐱
dog 🐶 coffee ☕ tea 🍵 pizza 🍕 cake 🍰 birthday 🎂 apple 🍎 house 🏠 hospital 🏥 school 🏫 office 🏢
ambulance 🚑 car 🚗 bus 🚌 bike 🚲 airplane ✈️ rocket 🚀 construction 🚧 rotating_light 🚨
traffic_light 🚥 watch ⌚ alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ hourglass ⌛
hourglass_flowing_sand ⏳ calendar 📅 date 📅 spiral_calendar_pad 🗓️ clock1 🕐 clock9 🕘 memo 📝
pencil 📝 pencil2 ✏️ clipboard 📋 page_facing_up 📄 bookmark 🔖 bookmark_tabs 📑 books 📚 book 📖
notebook 📓 newspaper 📰 mag 🔍 mag_right 🔎 key 🔑 lock 🔒 unlock 🔓 bell 🔔 no_bell 🔕 loudspeaker 📢
mega 📣 speech_balloon 💬 thought_balloon 💭 left_speech_bubble 🗨️ email ✉️ envelope ✉️
incoming_envelope 📨 inbox_tray 📥 outbox_tray 📤 package 📦 mailbox 📫 phone ☎️ telephone_receiver 📞
iphone 📱 computer 💻 printer 🖨️ floppy_disk 💾 camera 📷 movie_camera 🎥 tv 📺 bulb 💡 flashlight 🔦
wrench 🔧 hammer 🔨 hammer_and_wrench 🛠️ gear ⚙️ link 🔗 paperclip 📎 scissors ✂️ pushpin 📌
round_pushpin 📍 triangular_flag_on_post 🚩 checkered_flag 🏁 bar_chart 📊 chart_with_upwards_trend 📈
chart_with_downwards_trend 📉 moneybag 💰 syringe 💉 pill 💊 stethoscope 🩺 adhesive_bandage 🩹
microscope 🔬 test_tube 🧪 dna 🧬 thermometer 🌡️ shield 🛡️ recycle ♻️ white_check_mark ✅
heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎ heavy_plus_sign ➕
heavy_minus_sign ➖ question ❓ grey_question ❔ exclamation ❗ heavy_exclamation_mark ❗
grey_exclamation ❕ warning ⚠️ no_entry ⛔ no_entry_sign 🚫 stop_sign 🛑 red_circle 🔴
large_orange_circle 🟠 large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵
large_purple_circle 🟣 black_circle ⚫ white_circle ⚪ red_square 🟥 large_green_square 🟩
small_blue_diamond 🔹 large_blue_diamond 🔷 small_orange_diamond 🔸 arrow_up ⬆️ arrow_down ⬇️
arrow_left ⬅️ arrow_right ➡️ arrows_counterclockwise 🔄 leftwards_arrow_with_hook ↩️
arrow_right_hook ↪️ information_source ℹ️ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣
seven 7️⃣ eight 8️⃣ nine 9️⃣ zero 0️⃣ keycap_ten 🔟 hash #️⃣ 100 💯 bust_in_silhouette 👤
busts_in_silhouette 👥 family 👪 baby 👶 older_adult 🧓 technologist 🧑‍💻 health_worker 🧑‍⚕️
firefighter 🧑‍🚒 mailbox_with_mail 📬 ballot_box_with_ballot 🗳️ wastebasket 🗑️ file_folder 📁
open_file_folder 📂 card_index 📇 card_index_dividers 🗂️ label 🏷️ ticket 🎫 world_map 🗺️ compass 🧭
globe_with_meridians 🌐 earth_americas 🌎 mountain ⛰️ tent ⛺ musical_note 🎵 art 🎨 soccer ⚽
basketball 🏀 dart 🎯 jigsaw 🧩 teddy_bear 🧸 crown 👑 robot_face 🤖 ghost 👻 alien 👽 skull 💀 poop 💩
sleuth_or_spy 🕵️ raising_hand 🙋 bow 🙇 dancer 💃 runner 🏃 walking 🚶 hatching_chick 🐣
`;

export const EMOJI = new Map();
{
  const words = NAMES.trim().split(/\s+/);
  for (let at = 0; at < words.length; at += 2) EMOJI.set(words[at], words[at + 1]);
}

const FRAME = { viewBox: "0 0 16 16", class: "drawn-emoji", "aria-hidden": "true" };
const LINE = { fill: "none", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" };

const drawing = (...parts) => svg("svg", FRAME, parts);
const stroke = (d, colour = "#fff") => () => svg("path", { ...LINE, d, stroke: colour });
const round = (colour, ...marks) => () =>
  drawing(svg("circle", { cx: 8, cy: 8, r: 7, fill: colour }), marks.map((mark) => mark()));
const tick = stroke("M4.7 8.3 7 10.6 11.4 5.8");

const DRAWN = {
  white_check_mark: round("#2e7d4f", tick),
  heavy_check_mark: round("#4a5a5f", tick),
  x: round("#b3372f", stroke("M5.4 5.4 10.6 10.6M10.6 5.4 5.4 10.6")),
  red_circle: round("#b3372f"),
  large_orange_circle: round("#c2681c"),
  large_yellow_circle: round("#c79a1e"),
  large_green_circle: round("#2e7d4f"),
  large_blue_circle: round("#2f67a8"),
  information_source: round("#2f67a8", stroke("M8 7.5V11.5M8 4.6V4.7")),
  hourglass_flowing_sand: round("#7a6a3a", stroke("M8 4.5V8L10.5 9.5")),
  hourglass: round("#7a6a3a", stroke("M8 4.5V8L10.5 9.5")),
  warning: () =>
    drawing(
      svg("path", { d: "M8 1.5 15 14H1z", fill: "#d89a1d", stroke: "#d89a1d", "stroke-linejoin": "round" }),
      svg("path", { ...LINE, d: "M8 6v4M8 12v.1", stroke: "#2b2205", "stroke-width": 1.6 }),
    ),
};

/** The emoji of that name, or nothing when it is not known. */
export function emojiNode(name) {
  const plain = name.split("::")[0];
  if (!EMOJI.has(plain)) return null;
  const given = { class: "emoji", role: "img", "aria-label": plain.replaceAll("_", " "), title: `:${plain}:` };
  return h("span", given, DRAWN[plain] ? DRAWN[plain]() : EMOJI.get(plain));
}

/** Offered first when somebody reacts. */
export const USUAL = ["white_check_mark", "eyes", "heart", "+1", "tada", "pray"];
