# The first process of a sandbox container. It waits on standard input for one plan, executes exactly the programs of that plan without any shell, and
# ends with the last exit code; with it, as process 1, ends everything that was started. Only modules of Debian's perl-base are used.
#
# Input: a 32 bit length, then that many bytes: strings, each after its 32 bit length, in the order that `read_plan` takes them (runner-plan.ts writes it).
# Output before the plan: one line, `ready <device> <inode>` of /workspace, so that the host can see that the right folder is mounted.
# Ends by itself when standard input closes: then the app on the other side is gone.
use strict;
use warnings;
use Fcntl qw(O_RDONLY O_WRONLY O_CREAT O_TRUNC O_APPEND F_SETFD F_GETFD FD_CLOEXEC);
use File::Glob qw(bsd_glob GLOB_QUOTE GLOB_ERR);
use POSIX qw(WNOHANG dup2);
use Socket qw(AF_INET AF_UNIX PF_INET PF_UNIX SOCK_STREAM INADDR_LOOPBACK SOL_SOCKET SO_REUSEADDR pack_sockaddr_in pack_sockaddr_un);

my $MAX_MATCHES = 20_000;
my $PROXY_PORT = 3128;
# Between two looks whether the host is still there; grows to 20 ms.
my $pause = 0.001;
my @PATHS = qw(/usr/local/bin /usr/bin /bin /usr/local/sbin /usr/sbin /sbin);

$| = 1;
my @workspace = stat '/workspace';
print STDOUT 'ready ', ($workspace[0] // 0), ' ', ($workspace[1] // 0), "\n";

my $plan = read_plan();
exit 137 unless defined $plan;
# What it makes belongs to the owner of the folder; others may read it and no more.
umask 022;
chdir $plan->{folder} or leave(126, "openclaw: $plan->{folder}: $!\n");
start_forwarder() if $plan->{network};
$SIG{ALRM} = sub { POSIX::_exit(124) };
# Wakes the loop below when a process has ended.
$SIG{CHLD} = sub { };
alarm $plan->{seconds};
my $status = 0;
for my $pipeline (@{ $plan->{pipelines} }) {
  next if $pipeline->{runs} eq 'if-ok' && $status != 0;
  next if $pipeline->{runs} eq 'if-failed' && $status == 0;
  $status = run_pipeline($pipeline);
}
POSIX::_exit($status);

sub leave {
  my ($code, $words) = @_;
  syswrite STDERR, $words;
  POSIX::_exit($code);
}

# Blocks until `length` bytes are there; undef at the end of the input.
sub read_bytes {
  my ($length) = @_;
  my $bytes = '';
  while (length $bytes < $length) {
    my $got = sysread STDIN, $bytes, $length - length $bytes, length $bytes;
    next if !defined $got && $!{EINTR};
    return undef unless $got;
  }
  return $bytes;
}

sub read_plan {
  my $head = read_bytes(4);
  return undef unless defined $head;
  my $body = read_bytes(unpack 'N', $head);
  return undef unless defined $body;
  my @words = unpack '(N/a*)*', $body;
  my $next = sub { leave(126, "openclaw: the plan is incomplete\n") unless @words; shift @words };
  leave(126, "openclaw: the plan is of another version\n") unless $next->() eq '2';
  my %plan = (seconds => $next->(), folder => $next->(), network => $next->());
  $plan{stdin} = $next->() ? $next->() : undef;
  for (1 .. $next->()) {
    my %pipeline = (runs => $next->(), processes => []);
    for (1 .. $next->()) {
      my %process;
      $process{argv} = [map { $next->() } 1 .. $next->()];
      $process{patterns} = { map { $next->() => 1 } 1 .. $next->() };
      $process{alone} = $next->();
      $process{env} = [map { [$next->(), $next->()] } 1 .. $next->()];
      $process{redirects} = [map { { kind => $next->(), descriptor => $next->(), with => $next->() } } 1 .. $next->()];
      push @{ $pipeline{processes} }, \%process;
    }
    push @{ $plan{pipelines} }, \%pipeline;
  }
  return \%plan;
}

sub run_pipeline {
  my ($pipeline) = @_;
  my @processes = @{ $pipeline->{processes} };
  my (%waiting, $last, $input);
  for my $index (0 .. $#processes) {
    my ($reader, $writer);
    if ($index < $#processes) { pipe $reader, $writer or leave(126, "openclaw: no pipe: $!\n"); }
    my $pid = fork;
    leave(126, "openclaw: no process: $!\n") unless defined $pid;
    start_process($processes[$index], $input, $writer, $reader) if $pid == 0;
    $waiting{$pid} = 1;
    $last = $pid;
    close $input if defined $input;
    close $writer if defined $writer;
    $input = $reader;
  }
  my $code = 0;
  # Also reaps what daemons leave behind; and looks whether the host is still there.
  while (%waiting) {
    my $pid = waitpid -1, WNOHANG;
    if ($pid > 0) {
      $code = $? & 127 ? 128 + ($? & 127) : $? >> 8 if $pid == $last;
      delete $waiting{$pid};
      next;
    }
    wait_a_moment();
  }
  return $code;
}

sub wait_a_moment {
  my $watched = '';
  vec($watched, 0, 1) = 1;
  if (select($watched, undef, undef, $pause) > 0) {
    my $got = sysread STDIN, my $ignored, 4096;
    POSIX::_exit(137) if defined $got && $got == 0;
  }
  $pause = $pause < 0.02 ? $pause * 1.5 : 0.02;
}

# In the child: never returns.
sub start_process {
  my ($process, $input, $writer, $reader) = @_;
  $SIG{$_} = 'DEFAULT' for qw(ALRM PIPE CHLD);
  alarm 0;
  close $reader if defined $reader;
  # Somebody who takes too much memory goes before the process that keeps the count.
  if (open my $score, '>', '/proc/self/oom_score_adj') { syswrite $score, '1000'; close $score; }
  if (defined $input) { dup2(fileno $input, 0); close $input; }
  elsif (defined $plan->{stdin}) { dup2(fileno text_pipe($plan->{stdin}), 0); }
  else { open my $nothing, '<', '/dev/null'; dup2(fileno $nothing, 0); }
  if (defined $writer) { dup2(fileno $writer, 1); close $writer; }
  redirect($_) for @{ $process->{redirects} };
  my @argv = expand($process);
  $ENV{ $_->[0] } = $_->[1] for @{ $process->{env} };
  my $program = find_program($argv[0]);
  POSIX::_exit(report($argv[0], 'command not found', 127)) unless defined $program;
  # Without a right to any process more: whatever its settings name, it cannot start it.
  if ($process->{alone}) { ($program, @argv) = ('/usr/bin/prlimit', 'prlimit', '--nproc=0:0', '--', $program, @argv[1 .. $#argv]); }
  { no warnings; exec { $program } @argv; }
  POSIX::_exit(report($argv[0], "$!", 126));
}

sub report {
  my ($name, $why, $code) = @_;
  syswrite STDERR, "$name: $why\n";
  return $code;
}

sub redirect {
  my ($redirect) = @_;
  my ($kind, $descriptor, $with) = @{$redirect}{qw(kind descriptor with)};
  if ($kind eq 'duplicate') {
    dup2($with, $descriptor) or POSIX::_exit(report("descriptor $with", "$!", 1));
    return;
  }
  if ($kind eq 'text') { dup2(fileno text_pipe($with), $descriptor); return; }
  my %flags = (read => O_RDONLY, write => O_WRONLY | O_CREAT | O_TRUNC, append => O_WRONLY | O_CREAT | O_APPEND);
  # Perl closes descriptors above this one in the program; these are meant for it.
  local $^F = 1000;
  sysopen my $file, $with, $flags{$kind}, 0666 or POSIX::_exit(report($with, "$!", 1));
  dup2(fileno $file, $descriptor);
}

# The reading end of a pipe that yields the text; a longer one is fed by a process of its own.
sub text_pipe {
  my ($text) = @_;
  pipe my $reader, my $writer or POSIX::_exit(report('text', "$!", 1));
  my $pid = fork;
  if (defined $pid && $pid == 0) {
    close $reader;
    my $done = 0;
    while ($done < length $text) {
      my $written = syswrite $writer, $text, 65_536, $done;
      last unless $written;
      $done += $written;
    }
    POSIX::_exit(0);
  }
  close $writer;
  return $reader;
}

# The words of a process with its file name patterns replaced by what they match; one that matches nothing stays as it was written.
sub expand {
  my ($process) = @_;
  my @argv = @{ $process->{argv} };
  my @words;
  for my $index (0 .. $#argv) {
    if (!$process->{patterns}{$index} || $index == 0) { push @words, $argv[$index]; next; }
    my $pattern = $argv[$index];
    # Braces and tildes are no patterns here: the filter has dealt with them.
    my @found = bsd_glob($pattern, GLOB_QUOTE);
    @found = grep { defined } @found[0 .. $MAX_MATCHES] if @found > $MAX_MATCHES;
    if (!@found) { (my $plain = $pattern) =~ s/\\(.)/$1/gs; push @words, $plain; next; }
    # A file called `-rf` is a file, not an option.
    push @words, map { /^-/ && $pattern !~ /^-/ ? "./$_" : $_ } @found;
  }
  return @words;
}

sub find_program {
  my ($name) = @_;
  return undef if !defined $name || $name eq '';
  return $name if $name =~ m{/};
  for my $folder (@PATHS) { return "$folder/$name" if -f "$folder/$name" && -x _; }
  return undef;
}

# Network, where the owner has allowed hosts: the proxy on the host is reached by a socket; programs find it on the loopback of this container.
sub start_forwarder {
  socket my $server, PF_INET, SOCK_STREAM, 0 or leave(126, "openclaw: no network: $!\n");
  setsockopt $server, SOL_SOCKET, SO_REUSEADDR, 1;
  bind $server, pack_sockaddr_in($PROXY_PORT, INADDR_LOOPBACK) or leave(126, "openclaw: no network: $!\n");
  listen $server, 64;
  my $pid = fork;
  leave(126, "openclaw: no process: $!\n") unless defined $pid;
  if ($pid == 0) { forward($server); POSIX::_exit(0); }
  close $server;
  my $address = "http://127.0.0.1:$PROXY_PORT";
  $ENV{$_} = $address for qw(http_proxy https_proxy HTTP_PROXY HTTPS_PROXY);
}

# One loop for all connections: what is read on one side is written on the other.
sub forward {
  my ($server) = @_;
  my (%peer, %handle, %open);
  local $SIG{PIPE} = 'IGNORE';
  close STDIN;
  while (1) {
    my $readable = '';
    vec($readable, fileno $server, 1) = 1;
    vec($readable, $_, 1) = 1 for keys %open;
    next if select($readable, undef, undef, undef) < 0;
    if (vec $readable, fileno $server, 1) {
      if (accept my $inside, $server) {
        my $outside;
        if (socket($outside, PF_UNIX, SOCK_STREAM, 0) && connect $outside, pack_sockaddr_un('/run/openclaw/proxy.sock')) {
          my ($left, $right) = (fileno $inside, fileno $outside);
          @peer{$left, $right} = ($right, $left);
          @handle{$left, $right} = ($inside, $outside);
          @open{$left, $right} = (1, 1);
        }
      }
    }
    for my $from (grep { vec $readable, $_, 1 } keys %open) {
      next unless $open{$from};
      my $to = $peer{$from};
      my $got = sysread $handle{$from}, my $bytes, 65_536;
      my $sent = $got ? write_all($handle{$to}, $bytes) : 0;
      next if $got && $sent;
      delete $open{$from};
      shutdown $handle{$to}, 1;
      # Both directions are done, or one of them is broken.
      if (!$open{$to} || $got) { delete @open{$from, $to}; close delete $handle{$_} for $from, $to; delete @peer{$from, $to}; }
    }
  }
}

sub write_all {
  my ($handle, $bytes) = @_;
  my $done = 0;
  while ($done < length $bytes) {
    my $written = syswrite $handle, $bytes, length($bytes) - $done, $done;
    next if !defined $written && $!{EINTR};
    return 0 unless $written;
    $done += $written;
  }
  return 1;
}
