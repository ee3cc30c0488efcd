# influx_demo.sh - `./quickstart --influx`: this machine's readings go to a real InfluxDB, a subscription brings them
# to kapacitord, a stream task and a batch task alert, and results are written back. Sourced by ./quickstart, whose
# functions and trap it uses; everything it starts listens on loopback and ends with it.

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

influx_port=$(free_port)
export INFLUX=http://127.0.0.1:$influx_port
cat >"$work/influxdb.conf" <<CONF
reporting-disabled = true
bind-address = "127.0.0.1:$(free_port)"
[meta]
  dir = "$work/influx/meta"
[data]
  dir = "$work/influx/data"
  wal-dir = "$work/influx/wal"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:$influx_port"
  log-enabled = false
CONF
say "influxd -config influxdb.conf      # on $INFLUX"
influxd -config "$work/influxdb.conf" >"$work/influxd.log" 2>&1 &
influxd_pid=$!
trap 'kill "$influxd_pid" 2>/dev/null; wait "$influxd_pid" 2>/dev/null; finish' EXIT
for _ in $(seq 200); do curl -sf "$INFLUX/ping" && break; sleep 0.1; done
query() {
  say "curl $INFLUX/query -d \"q=$1\""
  curl -s -XPOST "$INFLUX/query" --data-urlencode "q=$1" | cut -c1-700
}
query 'CREATE DATABASE telegraf WITH NAME "default"'

port=$(free_port)
export KAPACITOR_URL=http://127.0.0.1:$port
cat >"$work/kapacitor.conf" <<CONF
hostname = "127.0.0.1"
data_dir = "$work/data"
[http]
  bind-address = "127.0.0.1:$port"
  log-enabled = false
[replay]
  dir = "$work/data/replay"
[storage]
  boltdb = "$work/data/kapacitor.db"
[logging]
  file = "$work/kapacitord.log"
  level = "DEBUG"
[[influxdb]]
  urls = ["$INFLUX"]
CONF
say "kapacitord -config kapacitor.conf      # on $KAPACITOR_URL, [[influxdb]] urls = [\"$INFLUX\"]"
kapacitord -config "$work/kapacitor.conf" >/dev/null 2>&1 &
daemon=$!
for _ in $(seq 100); do curl -sf "$KAPACITOR_URL/kapacitor/v1/ping" && break; sleep 0.05; done
for _ in $(seq 100); do curl -s -XPOST "$INFLUX/query" --data-urlencode 'q=SHOW SUBSCRIPTIONS' | grep -q telegraf && break; sleep 0.1; done
query 'SHOW SUBSCRIPTIONS'

cat >"$work/high_cpu.tick" <<TICK
var idle = stream
    |from()
        .measurement('cpu_usage_idle')
        .groupBy('cpu')
    |window()
        .period(2s)
        .every(2s)
    |mean('value')
        .as('idle')
idle
    |alert()
        .crit(lambda: "idle" < 50.0)
        .message('{{ index .Tags "cpu" }} is {{ .Level }}: {{ index .Fields "idle" | printf "%0.1f" }} % idle')
        .stateChangesOnly()
        .log('$work/high_cpu.log')
idle
    |influxDBOut()
        .database('results')
        .measurement('cpu_mean')
        .flushInterval(1s)
        .create()
TICK
cat >"$work/pibatch.tick" <<TICK
var cup = batch
          .query('select value from "telegraf"."default"."cpu_usage_idle"')
              .every(5s)
              .period(10h)
cup
    .httpOut('pepe')
cup
    .alert()
        .info(lambda: TRUE)
        .log('$work/pibatch.log')
TICK
for script in high_cpu pibatch; do
  say "cat $script.tick"
  sed "s|$work/||" "$work/$script.tick"
done
cd "$work"
run kapacitor define high_cpu -tick high_cpu.tick -type stream -dbrp telegraf.default
run kapacitor define -name pibatch -tick pibatch.tick -type batch -dbrp telegraf.default
run kapacitor enable high_cpu pibatch
cd - >/dev/null

say "tools/sample_cpu 12 0.25      # twelve seconds of this machine, with a short load, written to InfluxDB each second"
readings=""
n=0
send() { [ -z "$readings" ] || printf '%s' "$readings" | curl -sf --data-binary @- "$INFLUX/write?db=telegraf&rp=default"; readings=""; }
while IFS= read -r line; do
  readings+="$line"$'\n'
  if ((++n % 12 == 0)); then send; fi
done < <(tools/sample_cpu 12 0.25)
send
sleep 1.5
say "cat high_cpu.log      # alerts of the stream task, by subscription"
grep -o '"message":"[^"]*"' "$work/high_cpu.log" | head -n 8 || echo "(no core was busy)"
say "grep 'starting next batch query' kapacitord.log | tail -n 1      # what the batch task asks"
grep 'starting next batch query' "$work/kapacitord.log" | tail -n 1 || true
say "tail -n 1 pibatch.log      # its alert"
tail -n 1 "$work/pibatch.log" | cut -c1-200 || true
say "curl $KAPACITOR_URL/api/v1/pibatch/pepe      # its last result"
curl -s "$KAPACITOR_URL/api/v1/pibatch/pepe" | cut -c1-300
echo
query 'SELECT * FROM results.autogen.cpu_mean ORDER BY time DESC LIMIT 4'
run kapacitor delete tasks high_cpu pibatch
