#!/usr/bin/env bash
# A Slurm of one machine for tests: munged, slurmctld and slurmd, started by hand in a folder of their own, without
# systemd and without touching /etc/slurm or a Slurm that runs here.
#
#   Scripts/slurm-local.sh start FOLDER    makes FOLDER, starts all three, waits until the node is idle
#   Scripts/slurm-local.sh stop FOLDER     ends what was started and removes FOLDER
#
# Afterwards, SLURM_CONF=FOLDER/slurm.conf makes sbatch, squeue and scancel talk to it. Needs root and the Debian
# packages slurm-wlm and munge; exit status 77 where they are missing.
set -euo pipefail
action=${1:?start or stop}
folder=${2:?a folder}
export PATH="$PATH:/usr/sbin:/sbin"

skip() {
  echo "Slurm cannot be started here: $1" >&2
  exit 77
}

start() {
  [ "$(id -u)" -eq 0 ] || skip "it needs root"
  for name in munged slurmctld slurmd sbatch; do
    command -v $name >/dev/null || skip "$name is missing; Scripts/install-test-peers.sh installs it"
  done
  mkdir "$folder" "$folder/state" "$folder/spool"
  folder=$(cd "$folder" && pwd)
  host=$(hostname -s)
  # Ports of its own, so that two of these do not meet.
  local port=$((20000 + RANDOM % 20000))
  dd if=/dev/urandom of="$folder/munge.key" bs=128 count=1 status=none
  chmod 400 "$folder/munge.key"
  cat >"$folder/slurm.conf" <<CONF
ClusterName=local
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_min_interval=0
ReturnToService=2
KillWait=5
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
  export SLURM_CONF="$folder/slurm.conf"
  munged --key-file="$folder/munge.key" --socket="$folder/munge.socket" \
    --pid-file="$folder/munged.pid" --log-file="$folder/munged.log" \
    --seed-file="$folder/munge.seed" --num-threads=2 --force 2>"$folder/munged.err" \
    || skip "munged: $(tail -n 1 "$folder/munged.err")"
  slurmctld -f "$SLURM_CONF" || skip "slurmctld: $(tail -n 1 "$folder/slurmctld.log")"
  slurmd -f "$SLURM_CONF" || skip "slurmd: $(tail -n 1 "$folder/slurmd.log")"
  for _ in $(seq 100); do
    if [ "$(sinfo --noheader --format=%T 2>/dev/null)" = idle ]; then
      echo "export SLURM_CONF=$SLURM_CONF"
      return
    fi
    sleep 0.1
  done
  skip "the node did not become idle: $(tail -n 1 "$folder/slurmctld.log")"
}

stop() {
  for name in slurmd slurmctld munged; do
    pid=$(cat "$folder/$name.pid" 2>/dev/null) || continue
    kill "$pid" 2>/dev/null || continue
    for _ in $(seq 100); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
  done
  rm -rf "$folder"
}

case "$action" in
  start)
    # What fails to start leaves nothing behind.
    trap '[ $? -eq 0 ] || (stop)' EXIT
    start
    ;;
  stop) stop ;;
  *)
    echo "expected start or stop, not $action" >&2
    exit 64
    ;;
esac
