#!/usr/bin/env bash
# A first call from end to end: upload both samples, create a task, wait for it, download the video.
# Needs curl, and URL and KEY as ./run printed them. An argument is the quality: 720p (default) or 1080p.
set -euo pipefail
: "${URL:?set URL to the address that ./run printed}" "${KEY:?set KEY to the key that ./run printed}"
quality=${1:-720p}
here=$(cd "$(dirname "$0")" && pwd)

# Reads one string field of a JSON answer; enough for these answers, and needs no tool.
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1; }
upload() { curl -sS --fail-with-body "$URL/v1/files" -H "Authorization: Bearer $KEY" -F "file=@$1"; }

image=$(upload "$here/character.png" | field file_url)
video=$(upload "$here/motion.mp4" | field file_url)

created=$(curl -sS --fail-with-body "$URL/v1/videos/generations" \
  -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" -d @- <<JSON
{
  "model": "kling-v3-motion-control",
  "prompt": "A girl wearing a gray loose T-shirt and denim shorts",
  "image_urls": ["$image"],
  "video_urls": ["$video"],
  "quality": "$quality",
  "model_params": { "character_orientation": "image", "keep_sound": true }
}
JSON
)
echo "$created"
id=$(echo "$created" | field id)

status=pending
until [ "$status" = completed ] || [ "$status" = failed ] || [ "$status" = cancelled ]; do
  sleep 1
  task=$(curl -sS --fail-with-body "$URL/v1/tasks/$id" -H "Authorization: Bearer $KEY")
  status=$(echo "$task" | field status)
done
echo "$task"
[ "$status" = completed ]

curl -sS --fail-with-body -o "$id.mp4" "$(echo "$task" | field video_url)"
echo "Saved $id.mp4"
