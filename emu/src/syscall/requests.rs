//! The requests of ioctl(2) that are handed on: their numbers, which asm-generic and x86-64 share, and what their argument is.

use super::args::Direction::{self, In, InOut, Out};
use super::userfault;
use Argument::{Counted, Descriptor, Int, Number, Pointer, Termios, Termios2, Winsize};

/// What the third argument of a request is.
#[derive(Clone, Copy, Debug)]
pub enum Argument {
    /// Nothing, or a number.
    Number,
    /// A descriptor.
    Descriptor,
    /// A pointer to an int.
    Int(Direction),
    /// A pointer to `struct termios`.
    Termios(Direction),
    /// A pointer to `struct termios2`.
    Termios2(Direction),
    /// A pointer to `struct winsize`.
    Winsize(Direction),
    /// A pointer to this many bytes, without pointers in them.
    Pointer(u64),
    /// A pointer to a head of the second length, in which a number says how many elements of the third follow.
    Counted(Count, u64, u64),
    /// A pointer to a route, whose structure depends on the socket's family.
    Route,
    /// A structure of seccomp_unotify(2).
    Notification(Notification),
    /// A structure of ioctl_userfaultfd(2).
    Userfault(userfault::Request),
}

/// What a listener for notifications of seccomp does.
#[derive(Clone, Copy, Debug)]
pub enum Notification {
    /// Receives one.
    Receive,
    /// Answers it.
    Send,
    /// Gives the process a descriptor.
    Add,
}

/// Where a number is in a structure.
#[derive(Clone, Copy, Debug)]
pub struct Count {
    /// Its offset.
    pub at: u64,
    /// Its length.
    pub bytes: usize,
}

/// A request.
#[derive(Debug)]
pub struct Request {
    /// Its number.
    pub number: u32,
    /// Its name in C.
    pub name: &'static str,
    /// What its argument is.
    pub argument: Argument,
}

/// The request of a number.
pub fn request(number: u32) -> Option<&'static Request> {
    const ADDFD: u32 = 0x4018_2103;
    const LENGTH: u32 = 0x3fff_0000;
    // The one that says how long its argument is.
    let number = if number & !LENGTH == ADDFD & !LENGTH { ADDFD } else { number };
    REQUESTS.iter().find(|request| request.number == number)
}

macro_rules! requests {
    ($($number:literal $name:ident $argument:expr;)*) => {
        /// Every one, by subject.
        pub const REQUESTS: &[Request] = &[$(Request { number: $number, name: stringify!($name), argument: $argument }),*];
    };
}

/// `struct ifreq`.
const IFREQ: u64 = 40;
/// `struct vlan_ioctl_args`.
const VLAN: u64 = 56;

requests! {
    // Notifications: seccomp_unotify(2).
    0xc050_2100 SECCOMP_IOCTL_NOTIF_RECV Argument::Notification(Notification::Receive);
    0xc018_2101 SECCOMP_IOCTL_NOTIF_SEND Argument::Notification(Notification::Send);
    0x4008_2102 SECCOMP_IOCTL_NOTIF_ID_VALID Pointer(8);
    0x4018_2103 SECCOMP_IOCTL_NOTIF_ADDFD Argument::Notification(Notification::Add);
    0x4008_2104 SECCOMP_IOCTL_NOTIF_SET_FLAGS Number;
    // Faults: ioctl_userfaultfd(2).
    0xaa00 USERFAULTFD_IOC_NEW Argument::Userfault(userfault::Request::New);
    0xc018_aa3f UFFDIO_API Argument::Userfault(userfault::Request::Api);
    0xc020_aa00 UFFDIO_REGISTER Argument::Userfault(userfault::Request::Register);
    0x8010_aa01 UFFDIO_UNREGISTER Argument::Userfault(userfault::Request::Range(2));
    0x8010_aa02 UFFDIO_WAKE Argument::Userfault(userfault::Request::Range(2));
    0xc028_aa03 UFFDIO_COPY Argument::Userfault(userfault::Request::Copy);
    0xc020_aa04 UFFDIO_ZEROPAGE Argument::Userfault(userfault::Request::Range(4));
    0xc028_aa05 UFFDIO_MOVE Argument::Userfault(userfault::Request::Copy);
    0xc018_aa06 UFFDIO_WRITEPROTECT Argument::Userfault(userfault::Request::Range(3));
    0xc020_aa07 UFFDIO_CONTINUE Argument::Userfault(userfault::Request::Range(4));
    0xc020_aa08 UFFDIO_POISON Argument::Userfault(userfault::Request::Unknown);
    // Terminals: ioctl_tty(2).
    0x5401 TCGETS Termios(Out);
    0x5402 TCSETS Termios(In);
    0x5403 TCSETSW Termios(In);
    0x5404 TCSETSF Termios(In);
    0x5405 TCGETA Pointer(18);
    0x5406 TCSETA Pointer(18);
    0x5407 TCSETAW Pointer(18);
    0x5408 TCSETAF Pointer(18);
    0x5409 TCSBRK Number;
    0x540a TCXONC Number;
    0x540b TCFLSH Number;
    0x540c TIOCEXCL Number;
    0x540d TIOCNXCL Number;
    0x540e TIOCSCTTY Number;
    0x540f TIOCGPGRP Int(Out);
    0x5410 TIOCSPGRP Int(In);
    0x5411 TIOCOUTQ Int(Out);
    0x5412 TIOCSTI Pointer(1);
    0x5413 TIOCGWINSZ Winsize(Out);
    0x5414 TIOCSWINSZ Winsize(In);
    0x5415 TIOCMGET Int(Out);
    0x5416 TIOCMBIS Int(In);
    0x5417 TIOCMBIC Int(In);
    0x5418 TIOCMSET Int(In);
    0x5419 TIOCGSOFTCAR Int(Out);
    0x541a TIOCSSOFTCAR Int(In);
    0x541b FIONREAD Int(Out);
    0x541d TIOCCONS Number;
    0x5420 TIOCPKT Int(In);
    0x5421 FIONBIO Int(In);
    0x5422 TIOCNOTTY Number;
    0x5423 TIOCSETD Int(In);
    0x5424 TIOCGETD Int(Out);
    0x5425 TCSBRKP Number;
    0x5427 TIOCSBRK Number;
    0x5428 TIOCCBRK Number;
    0x5429 TIOCGSID Int(Out);
    0x802c_542a TCGETS2 Termios2(Out);
    0x402c_542b TCSETS2 Termios2(In);
    0x402c_542c TCSETSW2 Termios2(In);
    0x402c_542d TCSETSF2 Termios2(In);
    0x542e TIOCGRS485 Pointer(32);
    0x542f TIOCSRS485 Pointer(32);
    0x8004_5430 TIOCGPTN Int(Out);
    0x4004_5431 TIOCSPTLCK Int(In);
    0x8004_5432 TIOCGDEV Int(Out);
    0x4004_5436 TIOCSIG Number;
    0x5437 TIOCVHANGUP Number;
    0x8004_5438 TIOCGPKT Int(Out);
    0x8004_5439 TIOCGPTLCK Int(Out);
    0x8004_5440 TIOCGEXCL Int(Out);
    0x5441 TIOCGPTPEER Number;
    0x5456 TIOCGLCKTRMIOS Termios(Out);
    0x5457 TIOCSLCKTRMIOS Termios(In);
    0x5459 TIOCSERGETLSR Int(Out);
    0x545c TIOCMIWAIT Number;
    0x545d TIOCGICOUNT Pointer(80);
    0x4b2f KIOCSOUND Number;
    0x4b30 KDMKTONE Number;
    0x4b31 KDGETLED Pointer(1);
    0x4b32 KDSETLED Number;
    0x4b33 KDGKBTYPE Pointer(1);
    0x4b3a KDSETMODE Number;
    0x4b3b KDGETMODE Int(Out);
    0x4b44 KDGKBMODE Int(Out);
    0x4b45 KDSKBMODE Number;
    0x5600 VT_OPENQRY Int(Out);
    0x5601 VT_GETMODE Pointer(8);
    0x5602 VT_SETMODE Pointer(8);
    0x5603 VT_GETSTATE Pointer(6);
    0x5605 VT_RELDISP Number;
    0x5606 VT_ACTIVATE Number;
    0x5607 VT_WAITACTIVE Number;
    0x5608 VT_DISALLOCATE Number;

    // Any descriptor.
    0x5450 FIONCLEX Number;
    0x5451 FIOCLEX Number;
    0x5452 FIOASYNC Int(In);
    0x5460 FIOQSIZE Pointer(8);

    // Files and file systems: ioctl_ficlone(2), ioctl_iflags(2), ioctl_fiemap(2).
    0x0001 FIBMAP Int(InOut);
    0x0002 FIGETBSZ Int(Out);
    0xc004_5877 FIFREEZE Number;
    0xc004_5878 FITHAW Number;
    0xc018_5879 FITRIM Pointer(24);
    0x4004_9409 FICLONE Descriptor;
    0x4020_940d FICLONERANGE Pointer(32);
    0xc018_9436 FIDEDUPERANGE Counted(Count { at: 16, bytes: 2 }, 24, 32);
    0xc020_660b FS_IOC_FIEMAP Counted(Count { at: 24, bytes: 4 }, 32, 56);
    0x8008_6601 FS_IOC_GETFLAGS Int(Out);
    0x4008_6602 FS_IOC_SETFLAGS Int(In);
    0x8008_7601 FS_IOC_GETVERSION Int(Out);
    0x4008_7602 FS_IOC_SETVERSION Int(In);
    0x8008_6603 EXT4_IOC_GETVERSION Int(Out);
    0x4008_6604 EXT4_IOC_SETVERSION Int(In);
    0x801c_581f FS_IOC_FSGETXATTR Pointer(28);
    0x401c_5820 FS_IOC_FSSETXATTR Pointer(28);
    0x4030_5828 FS_IOC_RESVSP Pointer(48);
    0x4030_5829 FS_IOC_UNRESVSP Pointer(48);
    0x4030_582a FS_IOC_RESVSP64 Pointer(48);
    0x4030_582b FS_IOC_UNRESVSP64 Pointer(48);
    0x4030_5839 FS_IOC_ZERO_RANGE Pointer(48);
    0x8100_9431 FS_IOC_GETFSLABEL Pointer(256);
    0x4100_9432 FS_IOC_SETFSLABEL Pointer(256);
    0x8011_1500 FS_IOC_GETFSUUID Pointer(17);
    0x8081_1501 FS_IOC_GETFSSYSFSPATH Pointer(129);
    0x4004_4900 INOTIFY_IOC_SETNEXTWD Number;
    0x4008_5400 TFD_IOC_SET_TICKS Pointer(8);
    0x4008_8a01 EPIOCSPARAMS Pointer(8);
    0x8008_8a02 EPIOCGPARAMS Pointer(8);

    // Block devices.
    0x0301 HDIO_GETGEO Pointer(16);
    0x125d BLKROSET Int(In);
    0x125e BLKROGET Int(Out);
    0x125f BLKRRPART Number;
    0x1260 BLKGETSIZE Pointer(8);
    0x1261 BLKFLSBUF Number;
    0x1262 BLKRASET Number;
    0x1263 BLKRAGET Pointer(8);
    0x1264 BLKFRASET Number;
    0x1265 BLKFRAGET Pointer(8);
    0x1267 BLKSECTGET Pointer(2);
    0x1268 BLKSSZGET Int(Out);
    0x1277 BLKDISCARD Pointer(16);
    0x1278 BLKIOMIN Int(Out);
    0x1279 BLKIOOPT Int(Out);
    0x127a BLKALIGNOFF Int(Out);
    0x127b BLKPBSZGET Int(Out);
    0x127c BLKDISCARDZEROES Int(Out);
    0x127d BLKSECDISCARD Pointer(16);
    0x127e BLKROTATIONAL Pointer(2);
    0x127f BLKZEROOUT Pointer(16);
    0x8008_1270 BLKBSZGET Int(Out);
    0x4008_1271 BLKBSZSET Int(In);
    0x8008_1272 BLKGETSIZE64 Pointer(8);
    0x8008_1280 BLKGETDISKSEQ Pointer(8);
    0x4c00 LOOP_SET_FD Descriptor;
    0x4c01 LOOP_CLR_FD Number;
    0x4c04 LOOP_SET_STATUS64 Pointer(232);
    0x4c05 LOOP_GET_STATUS64 Pointer(232);
    0x4c06 LOOP_CHANGE_FD Descriptor;
    0x4c07 LOOP_SET_CAPACITY Number;
    0x4c08 LOOP_SET_DIRECT_IO Number;
    0x4c09 LOOP_SET_BLOCK_SIZE Number;
    0x4c0a LOOP_CONFIGURE Pointer(304);
    0x4c80 LOOP_CTL_ADD Number;
    0x4c81 LOOP_CTL_REMOVE Number;
    0x4c82 LOOP_CTL_GET_FREE Number;

    // Random numbers and the clock: random(4), rtc(4).
    0x8004_5200 RNDGETENTCNT Int(Out);
    0x4004_5201 RNDADDTOENTCNT Int(In);
    0x4008_5203 RNDADDENTROPY Counted(Count { at: 4, bytes: 4 }, 8, 1);
    0x5204 RNDZAPENTCNT Number;
    0x5206 RNDCLEARPOOL Number;
    0x5207 RNDRESEEDCRNG Number;
    0x7001 RTC_AIE_ON Number;
    0x7002 RTC_AIE_OFF Number;
    0x7003 RTC_UIE_ON Number;
    0x7004 RTC_UIE_OFF Number;
    0x7005 RTC_PIE_ON Number;
    0x7006 RTC_PIE_OFF Number;
    0x4024_7007 RTC_ALM_SET Pointer(36);
    0x8024_7008 RTC_ALM_READ Pointer(36);
    0x8024_7009 RTC_RD_TIME Pointer(36);
    0x4024_700a RTC_SET_TIME Pointer(36);
    0x8008_700b RTC_IRQP_READ Pointer(8);
    0x4008_700c RTC_IRQP_SET Number;
    0x8008_700d RTC_EPOCH_READ Pointer(8);
    0x4008_700e RTC_EPOCH_SET Number;
    0x4028_700f RTC_WKALM_SET Pointer(40);
    0x8028_7010 RTC_WKALM_RD Pointer(40);
    0x8004_7013 RTC_VL_READ Int(Out);
    0x7014 RTC_VL_CLR Number;

    // Sockets and interfaces: socket(7), netdevice(7). Requests whose `ifreq` holds a pointer are not among them.
    0x8901 FIOSETOWN Int(In);
    0x8902 SIOCSPGRP Int(In);
    0x8903 FIOGETOWN Int(Out);
    0x8904 SIOCGPGRP Int(Out);
    0x8905 SIOCATMARK Int(Out);
    0x8906 SIOCGSTAMP_OLD Pointer(16);
    0x8907 SIOCGSTAMPNS_OLD Pointer(16);
    0x8010_8906 SIOCGSTAMP_NEW Pointer(16);
    0x8010_8907 SIOCGSTAMPNS_NEW Pointer(16);
    0x890b SIOCADDRT Argument::Route;
    0x890c SIOCDELRT Argument::Route;
    0x8910 SIOCGIFNAME Pointer(IFREQ);
    0x8913 SIOCGIFFLAGS Pointer(IFREQ);
    0x8914 SIOCSIFFLAGS Pointer(IFREQ);
    0x8915 SIOCGIFADDR Pointer(IFREQ);
    0x8916 SIOCSIFADDR Pointer(IFREQ);
    0x8917 SIOCGIFDSTADDR Pointer(IFREQ);
    0x8918 SIOCSIFDSTADDR Pointer(IFREQ);
    0x8919 SIOCGIFBRDADDR Pointer(IFREQ);
    0x891a SIOCSIFBRDADDR Pointer(IFREQ);
    0x891b SIOCGIFNETMASK Pointer(IFREQ);
    0x891c SIOCSIFNETMASK Pointer(IFREQ);
    0x891d SIOCGIFMETRIC Pointer(IFREQ);
    0x891e SIOCSIFMETRIC Pointer(IFREQ);
    0x8921 SIOCGIFMTU Pointer(IFREQ);
    0x8922 SIOCSIFMTU Pointer(IFREQ);
    0x8923 SIOCSIFNAME Pointer(IFREQ);
    0x8924 SIOCSIFHWADDR Pointer(IFREQ);
    0x8925 SIOCGIFENCAP Pointer(IFREQ);
    0x8926 SIOCSIFENCAP Pointer(IFREQ);
    0x8927 SIOCGIFHWADDR Pointer(IFREQ);
    0x8929 SIOCGIFSLAVE Pointer(IFREQ);
    0x8930 SIOCSIFSLAVE Pointer(IFREQ);
    0x8931 SIOCADDMULTI Pointer(IFREQ);
    0x8932 SIOCDELMULTI Pointer(IFREQ);
    0x8933 SIOCGIFINDEX Pointer(IFREQ);
    0x8934 SIOCSIFPFLAGS Pointer(IFREQ);
    0x8935 SIOCGIFPFLAGS Pointer(IFREQ);
    0x8936 SIOCDIFADDR Pointer(IFREQ);
    0x8937 SIOCSIFHWBROADCAST Pointer(IFREQ);
    0x8938 SIOCGIFCOUNT Pointer(IFREQ);
    0x8942 SIOCGIFTXQLEN Pointer(IFREQ);
    0x8943 SIOCSIFTXQLEN Pointer(IFREQ);
    0x8947 SIOCGMIIPHY Pointer(IFREQ);
    0x8948 SIOCGMIIREG Pointer(IFREQ);
    0x8949 SIOCSMIIREG Pointer(IFREQ);
    0x894b SIOCOUTQNSD Int(Out);
    0x894c SIOCGSKNS Number;
    0x8953 SIOCDARP Pointer(68);
    0x8954 SIOCGARP Pointer(68);
    0x8955 SIOCSARP Pointer(68);
    0x8970 SIOCGIFMAP Pointer(IFREQ);
    0x8971 SIOCSIFMAP Pointer(IFREQ);
    0x8982 SIOCGIFVLAN Pointer(VLAN);
    0x8983 SIOCSIFVLAN Pointer(VLAN);
    0x8990 SIOCBONDENSLAVE Pointer(IFREQ);
    0x8991 SIOCBONDRELEASE Pointer(IFREQ);
    0x8992 SIOCBONDSETHWADDR Pointer(IFREQ);
    0x8995 SIOCBONDCHANGEACTIVE Pointer(IFREQ);
    0x89a0 SIOCBRADDBR Pointer(16);
    0x89a1 SIOCBRDELBR Pointer(16);
    0x89a2 SIOCBRADDIF Pointer(IFREQ);
    0x89a3 SIOCBRDELIF Pointer(IFREQ);
    0x89e0 SIOCUNIXFILE Number;
    0x4004_54c8 TUNSETNOCSUM Number;
    0x4004_54ca TUNSETIFF Pointer(IFREQ);
    0x4004_54cb TUNSETPERSIST Number;
    0x4004_54cc TUNSETOWNER Number;
    0x4004_54cd TUNSETLINK Number;
    0x4004_54ce TUNSETGROUP Number;
    0x8004_54cf TUNGETFEATURES Int(Out);
    0x4004_54d0 TUNSETOFFLOAD Number;
    0x8004_54d2 TUNGETIFF Pointer(IFREQ);
    0x8004_54d3 TUNGETSNDBUF Int(Out);
    0x4004_54d4 TUNSETSNDBUF Int(In);
    0x8004_54d7 TUNGETVNETHDRSZ Int(Out);
    0x4004_54d8 TUNSETVNETHDRSZ Int(In);
    0x4004_54d9 TUNSETQUEUE Pointer(IFREQ);
    0x4004_54dc TUNSETVNETLE Int(In);
    0x8004_54dd TUNGETVNETLE Int(Out);
    0x4004_54de TUNSETVNETBE Int(In);
    0x8004_54df TUNGETVNETBE Int(Out);
    0x07b9 IOCTL_VM_SOCKETS_GET_LOCAL_CID Int(Out);

    // Namespaces and processes: ioctl_ns(2), ioctl_pidfd(2).
    0xb701 NS_GET_USERNS Number;
    0xb702 NS_GET_PARENT Number;
    0xb703 NS_GET_NSTYPE Number;
    0xb704 NS_GET_OWNER_UID Int(Out);
    0x8008_b705 NS_GET_MNTNS_ID Pointer(8);
    0x8004_b706 NS_GET_PID_FROM_PIDNS Number;
    0x8004_b707 NS_GET_TGID_FROM_PIDNS Number;
    0x8004_b708 NS_GET_PID_IN_PIDNS Number;
    0x8004_b709 NS_GET_TGID_IN_PIDNS Number;
    0x8010_b70a NS_MNT_GET_INFO Pointer(16);
    0x8010_b70b NS_MNT_GET_NEXT Pointer(16);
    0x8010_b70c NS_MNT_GET_PREV Pointer(16);
    0x8008_b70d NS_GET_ID Pointer(8);
    0xff01 PIDFD_GET_CGROUP_NAMESPACE Number;
    0xff02 PIDFD_GET_IPC_NAMESPACE Number;
    0xff03 PIDFD_GET_MNT_NAMESPACE Number;
    0xff04 PIDFD_GET_NET_NAMESPACE Number;
    0xff05 PIDFD_GET_PID_NAMESPACE Number;
    0xff06 PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE Number;
    0xff07 PIDFD_GET_TIME_NAMESPACE Number;
    0xff08 PIDFD_GET_TIME_FOR_CHILDREN_NAMESPACE Number;
    0xff09 PIDFD_GET_USER_NAMESPACE Number;
    0xff0a PIDFD_GET_UTS_NAMESPACE Number;
    0xc040_ff0b PIDFD_GET_INFO Pointer(64);
    0xc048_ff0b PIDFD_GET_INFO Pointer(72);
    0xc050_ff0b PIDFD_GET_INFO Pointer(80);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_listed_once() {
        let mut numbers: Vec<u32> = REQUESTS.iter().map(|request| request.number).collect();
        numbers.sort_unstable();
        assert!(numbers.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn a_number_that_tells_its_length_tells_the_same() {
        for request in REQUESTS.iter().filter(|request| request.number >> 16 != 0) {
            let told = u64::from(request.number >> 16 & 0x3fff);
            let known = match request.argument {
                Pointer(len) => len,
                Counted(_, head, _) => head,
                // Some are numbers of other lengths than what is handed over.
                _ => continue,
            };
            let interface = request.name.starts_with("TUN");
            assert!(interface || told == known, "{}: {told}, not {known}", request.name);
        }
    }
}
