#!/usr/bin/env bash
# Draws character.png and motion.mp4, the inputs that a first call can use without owning any media.
# Needs bash, awk and an ffmpeg with librsvg, libx264 and aac (Debian's has them). Same tools, same bytes.
#   usage: samples/draw.sh [target-folder]
set -euo pipefail
export LC_ALL=C

target=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fps=30
seconds=5
frames=$((fps * seconds))

# --- the motion: a dancer of limbs whose feet step in turn; every movement repeats each second, so the clip loops -----------
awk -v frames="$frames" -v fps="$fps" -v folder="$work" '
function limb(x1, y1, x2, y2, width, colour) {
    printf "<line x1=\"%.2f\" y1=\"%.2f\" x2=\"%.2f\" y2=\"%.2f\" stroke=\"%s\" stroke-width=\"%d\" stroke-linecap=\"round\"/>\n",
        x1, y1, x2, y2, colour, width > file
}
# Two links of length a and b from (x1,y1) to (x2,y2): sets jx, jy, the joint between them, on the given side.
function joint(x1, y1, x2, y2, a, b, side,    dx, dy, d, along, off) {
    dx = x2 - x1; dy = y2 - y1; d = sqrt(dx * dx + dy * dy)
    if (d > a + b - 0.5) d = a + b - 0.5
    along = (a * a - b * b + d * d) / (2 * d)
    off = sqrt(a * a - along * along > 0 ? a * a - along * along : 0)
    dx /= sqrt((x2 - x1) ^ 2 + (y2 - y1) ^ 2); dy /= sqrt((x2 - x1) ^ 2 + (y2 - y1) ^ 2)
    jx = x1 + along * dx - side * off * dy
    jy = y1 + along * dy + side * off * dx
}
function leg(side, lift, colour, shoe,    fx, fy, hx) {
    hx = hipx + side * 15
    fx = 320 + side * (44 + 10 * lift); fy = 420 - 46 * lift
    joint(hx, hipy, fx, fy, 74, 74, -side)
    limb(hx, hipy, jx, jy, 30, colour); limb(jx, jy, fx, fy, 25, colour)
    limb(fx - 3 * side, fy + 8, fx + side * 17, fy + 10, 17, shoe)
}
function arm(side, raise, bend, colour,    sx, sy, ex, ey, wx, wy) {
    sx = chestx + side * 36; sy = chesty + 2
    ex = sx + side * 58 * cos(raise); ey = sy - 58 * sin(raise)
    wx = ex + side * 54 * cos(raise + bend); wy = ey - 54 * sin(raise + bend)
    limb(sx, sy, ex, ey, 23, colour); limb(ex, ey, wx, wy, 19, colour)
    printf "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"12\" fill=\"#f2c4a0\"/>\n", wx, wy > file
}
BEGIN {
    pi = atan2(0, -1)
    for (n = 0; n < frames; n++) {
        file = sprintf("%s/frame%03d.svg", folder, n)
        p = 2 * pi * n / fps
        s = sin(p); c = cos(p); beat = sin(2 * p)
        up = s > 0 ? s : 0; down = s < 0 ? -s : 0
        hipx = 320 + 22 * s; hipy = 292 + 7 * beat
        chestx = 320 + 6 * s - 8 * c; chesty = 192 + 6 * beat
        headx = chestx - 10 * s; heady = chesty - 62 + 3 * beat

        print "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640\" height=\"480\" viewBox=\"0 0 640 480\">" > file
        print "<defs><linearGradient id=\"w\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\"><stop offset=\"0\" stop-color=\"#2b2d6e\"/><stop offset=\"1\" stop-color=\"#7a4f9a\"/></linearGradient>" > file
        print "<linearGradient id=\"f\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\"><stop offset=\"0\" stop-color=\"#4a3570\"/><stop offset=\"1\" stop-color=\"#241a3d\"/></linearGradient>" > file
        print "<linearGradient id=\"l\" x1=\"0\" y1=\"0\" x2=\"0\" y2=\"1\"><stop offset=\"0\" stop-color=\"#fff3c8\" stop-opacity=\"0.45\"/><stop offset=\"1\" stop-color=\"#fff3c8\" stop-opacity=\"0.06\"/></linearGradient></defs>" > file
        print "<rect width=\"640\" height=\"480\" fill=\"url(#w)\"/><rect y=\"372\" width=\"640\" height=\"108\" fill=\"url(#f)\"/>" > file
        printf "<polygon points=\"%.1f,0 %.1f,0 %.1f,450 %.1f,450\" fill=\"url(#l)\"/>\n", 150 - 20 * c, 190 - 20 * c, 460 + 24 * c, 210 + 24 * c > file
        printf "<polygon points=\"%.1f,0 %.1f,0 %.1f,450 %.1f,450\" fill=\"url(#l)\"/>\n", 450 + 20 * c, 490 + 20 * c, 430 - 24 * c, 180 - 24 * c > file
        printf "<ellipse cx=\"%.1f\" cy=\"436\" rx=\"118\" ry=\"18\" fill=\"#150f28\" fill-opacity=\"0.65\"/>\n", 320 + 8 * s > file

        arm(c > 0 ? -1 : 1, -0.25 + 0.95 * (c > 0 ? s : -s), 0.9 + 0.5 * beat, "#e0563f")
        leg(-1, up, "#2f4b8f", "#f4f1ea"); leg(1, down, "#35549f", "#f4f1ea")
        limb(chestx - 20, chesty + 12, hipx - 10, hipy - 8, 44, "#f06a4d"); limb(chestx + 20, chesty + 12, hipx + 10, hipy - 8, 44, "#f06a4d")
        limb(chestx - 24, chesty + 4, chestx + 24, chesty + 4, 30, "#f06a4d")
        limb(hipx - 16, hipy - 2, hipx + 16, hipy - 2, 32, "#2f4b8f")
        limb(chestx, chesty - 10, headx, heady + 30, 20, "#e5b18c")
        arm(c > 0 ? 1 : -1, -0.25 + 0.95 * (c > 0 ? -s : s), 0.9 - 0.5 * beat, "#f27d5f")

        printf "<g transform=\"translate(%.2f %.2f) rotate(%.2f)\">", headx, heady, -9 * s > file
        print "<circle r=\"37\" cy=\"-4\" fill=\"#3a2418\"/><ellipse rx=\"30\" ry=\"34\" cy=\"2\" fill=\"#f2c4a0\"/>" > file
        print "<path d=\"M-31 -2 C-30 -44 30 -44 31 -2 C18 -22 -6 -24 -31 -2Z\" fill=\"#3a2418\"/>" > file
        print "<circle cx=\"-11\" cy=\"4\" r=\"3.6\" fill=\"#2a1d18\"/><circle cx=\"11\" cy=\"4\" r=\"3.6\" fill=\"#2a1d18\"/><path d=\"M-9 17 Q0 26 9 17\" fill=\"none\" stroke=\"#a3413a\" stroke-width=\"3\" stroke-linecap=\"round\"/></g></svg>" > file
        close(file)
    }
}'

# --- the sound: a bass drum on each half second and four notes going round --------------------------------------------------
kick='0.55*sin(2*PI*(52*mod(t,0.5)+9*(1-exp(-18*mod(t,0.5)))))*exp(-9*mod(t,0.5))'
notes='0.16*sin(2*PI*t*(262*eq(mod(floor(t*4),4),0)+330*eq(mod(floor(t*4),4),1)+392*eq(mod(floor(t*4),4),2)+330*eq(mod(floor(t*4),4),3)))*exp(-6*mod(t,0.25))'

ffmpeg -hide_banner -loglevel error -nostdin -y \
    -framerate "$fps" -f image2 -c:v librsvg -i "$work/frame%03d.svg" \
    -f lavfi -i "aevalsrc='$kick+$notes':s=48000:d=$seconds" \
    -vf format=yuv420p -c:v libx264 -preset slow -crf 21 -bf 0 -g "$fps" -threads 1 \
    -c:a aac -b:a 96k -t "$seconds" -map_metadata -1 -movflags +faststart \
    -fflags +bitexact -flags:v +bitexact -flags:a +bitexact "$target/motion.mp4"

# --- the character: someone else than the dancer, standing still -----------------------------------------------------------
cat > "$work/character.svg" <<'SVG'
<svg xmlns="http://www.w3.org/2000/svg" width="720" height="960" viewBox="0 0 720 960">
  <rect width="720" height="960" fill="#cfe9e4"/>
  <circle cx="360" cy="400" r="310" fill="#e6f5f1"/>
  <ellipse cx="360" cy="905" rx="190" ry="24" fill="#9cc7bf"/>
  <path d="M262 190 C196 300 196 520 250 560 L470 560 C524 520 524 300 458 190Z" fill="#1d7a86"/>
  <g stroke-linecap="round" fill="none">
    <path d="M325 620 L316 750 L318 862" stroke="#3b3f63" stroke-width="56"/>
    <path d="M395 620 L404 750 L402 862" stroke="#343858" stroke-width="56"/>
    <path d="M318 888 L286 892" stroke="#f2a93b" stroke-width="38"/>
    <path d="M402 888 L434 892" stroke="#f2a93b" stroke-width="38"/>
    <path d="M282 458 L226 550 L204 640" stroke="#e8b13e" stroke-width="50"/>
    <path d="M438 458 L494 550 L516 640" stroke="#e8b13e" stroke-width="50"/>
  </g>
  <circle cx="200" cy="668" r="27" fill="#c98a63"/>
  <circle cx="520" cy="668" r="27" fill="#c98a63"/>
  <path d="M266 440 Q360 404 454 440 L446 640 Q360 664 274 640Z" fill="#f5c451"/>
  <path d="M318 424 Q360 470 402 424 L396 652 Q360 660 324 652Z" fill="#fdf6e6"/>
  <path d="M360 500 l11 23 25 3 -18 18 5 25 -23 -12 -23 12 5 -25 -18 -18 25 -3Z" fill="#e4574c"/>
  <rect x="332" y="368" width="56" height="72" rx="26" fill="#b97a55"/>
  <ellipse cx="360" cy="282" rx="112" ry="124" fill="#c98a63"/>
  <path d="M236 310 C214 84 506 84 484 310 C470 236 430 212 398 206 C372 244 300 262 262 252 C248 270 240 288 236 310Z" fill="#2493a1"/>
  <circle cx="318" cy="296" r="15" fill="#2b2233"/><circle cx="323" cy="291" r="5" fill="#ffffff"/>
  <circle cx="402" cy="296" r="15" fill="#2b2233"/><circle cx="407" cy="291" r="5" fill="#ffffff"/>
  <path d="M300 262 q18 -12 36 -2 M384 260 q18 -10 36 2" stroke="#17606a" stroke-width="8" stroke-linecap="round" fill="none"/>
  <path d="M356 312 q8 14 -4 18" stroke="#a86a48" stroke-width="6" stroke-linecap="round" fill="none"/>
  <path d="M322 352 Q360 386 398 352" stroke="#8e3b36" stroke-width="9" stroke-linecap="round" fill="none"/>
  <circle cx="284" cy="336" r="18" fill="#dd8f76" fill-opacity="0.7"/><circle cx="436" cy="336" r="18" fill="#dd8f76" fill-opacity="0.7"/>
</svg>
SVG
ffmpeg -hide_banner -loglevel error -nostdin -y -f svg_pipe -c:v librsvg -i "$work/character.svg" \
    -frames:v 1 -vf format=rgb24 -compression_level 9 -pred mixed -map_metadata -1 -f image2 -update 1 -bitexact "$target/character.png"
