# Starts a program with systemd's notification socket connected as the file descriptor named by $NOTIFY_FD.
# Node.js cannot open sockets of this kind, but it can write to one that is there. Written by the main process itself,
# its messages need no access for child processes: NotifyAccess=main.
#
#   perl notify-socket.pl PROGRAM [ARGUMENTS]
use strict;
use warnings;
use Socket qw(AF_UNIX SOCK_DGRAM pack_sockaddr_un);

my $socket;
if (my $path = $ENV{NOTIFY_SOCKET}) {
    $path =~ s/^@/\0/;
    $^F = 255;    # The descriptor stays open in the program.
    socket($socket, AF_UNIX, SOCK_DGRAM, 0) or die "no socket to tell systemd: $!\n";
    connect($socket, pack_sockaddr_un($path)) or die "cannot reach systemd at $ENV{NOTIFY_SOCKET}: $!\n";
    $ENV{NOTIFY_FD} = fileno($socket);
}
exec { $ARGV[0] } @ARGV or die "$ARGV[0]: $!\n";
