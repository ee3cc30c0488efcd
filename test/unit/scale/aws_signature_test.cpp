// aws_signature_test.cpp - the signature of requests to AWS, by the example of AWS's documentation.
#include <gtest/gtest.h>

#include "runtime/scale/scalers.h"

namespace tick {
namespace {

TEST(AwsSignature, IsThatOfTheDocumentation) {
  AwsRequest request{.method = "GET",
                     .host = "iam.amazonaws.com",
                     .path = "/",
                     .query = "Action=ListUsers&Version=2010-05-08",
                     .content_type = "application/x-www-form-urlencoded; charset=utf-8",
                     .body = "",
                     .date = "20150830T123600Z",
                     .region = "us-east-1",
                     .service = "iam"};
  EXPECT_EQ(AwsAuthorization(request, "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date, "
            "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

}  // namespace
}  // namespace tick
