// messages_test.cpp - mail as it goes over the wire, and the partitions of keys.
#include <gtest/gtest.h>

#include "runtime/net/kafka_client.h"
#include "runtime/net/smtp_client.h"

namespace tick {
namespace {

TEST(MailTest, AddressesAreTakenFromTheirForms) {
  EXPECT_EQ(MailAddress("a@b"), "a@b");
  EXPECT_EQ(MailAddress("Some One <a@b>"), "a@b");
  for (const char *bad : {"", "nobody", "@b", "a@", "a b@c", "Some <a@b", "a@b, c@d"}) EXPECT_EQ(MailAddress(bad), "") << bad;
}

TEST(MailTest, TextIsEncodedWhereItMustBe) {
  MailMessage message;
  message.from = "k@x";
  message.to = {"a@b", "c@d"};
  message.subject = "65° & <cpu>";
  message.body = "a=b\nline with a blank at its end \n" + std::string(80, 'x');
  EXPECT_EQ(MailText(message, 1'450'000'010'000'000'000),
            "Mime-Version: 1.0\r\nDate: Sun, 13 Dec 2015 09:46:50 +0000\r\nFrom: k@x\r\nTo: a@b, c@d\r\n"
            "Subject: =?UTF-8?q?65=C2=B0_&_<cpu>?=\r\nContent-Type: text/html; charset=UTF-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\na=3Db\r\nline with a blank at its end=20\r\n" +
                std::string(75, 'x') + "=\r\nxxxxx");
}

TEST(MailTest, ASubjectCannotBringHeaders) {
  MailMessage message;
  message.subject = "a\r\nBcc: x@y";
  EXPECT_NE(MailText(message, 0).find("Subject: a  Bcc: x@y\r\n"), std::string::npos);
}

TEST(MailTest, LongSubjectsAreFoldedBetweenCharacters) {
  MailMessage message;
  for (int i = 0; i < 40; ++i) message.subject += "é";
  std::string text = MailText(message, 0);
  size_t at = text.find("Subject: ");
  std::string subject = text.substr(at, text.find("\r\nContent-Type") - at);
  EXPECT_NE(subject.find("?=\r\n =?UTF-8?q?"), std::string::npos) << subject;
  for (size_t begin = 0, end; begin < subject.size(); begin = end + 2) {
    end = std::min(subject.find("\r\n", begin), subject.size());
    EXPECT_LE(end - begin, 85u);
  }
}

TEST(KafkaPartitionTest, KeysChooseAsOtherClientsDo) {
  // The hashes are those that the algorithms' own tests name.
  EXPECT_EQ(PartitionOf(KafkaPartition::Crc32, "123456789", 1000), static_cast<int32_t>(0xcbf43926u % 1000));
  EXPECT_EQ(PartitionOf(KafkaPartition::Murmur2, "21", 1000000), (-973932308 & 0x7fffffff) % 1000000);
  EXPECT_EQ(PartitionOf(KafkaPartition::Murmur2, "foobar", 1000000), (-790332482 & 0x7fffffff) % 1000000);
  EXPECT_EQ(PartitionOf(KafkaPartition::Murmur3, "hello", 1 << 30), 0x248bfa47 % (1 << 30));
  EXPECT_EQ(PartitionOf(KafkaPartition::Fnv1a, "a", 1000), -(static_cast<int32_t>(0xe40c292cu) % 1000));
}

}  // namespace
}  // namespace tick
